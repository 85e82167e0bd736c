"""Writes quotients.json: rows of x, order, exact value and its condition. Needs python3-mpmath."""
import json
import re
from pathlib import Path

import mpmath as m
from mpmath import mp, mpf

mp.dps = 140

ORDERS = {
    "x/tanh(x)": [1, 2, 3],
    "tanh(x)/x": [1, 2],
    "1/tanh(x)-1/x": [1, 2, 3],
    "(exp(x)-1)/x": [0, 1, 2],
    "(exp(x)-1-x)/x^2": [0, 1],
    "(cosh(x)-1)/x^2": [0, 1, 2],
    "(sinh(x)-x)/x^3": [0, 1],
    "cosh(x)/x^2": [0, 1, 2],
    "exp(x)/x": [0, 1, 2],
    "log(1+x)/x": [1, 2],
}
POINTS = [0.0001, -0.01, 0.1, 0.5, -3.0, 12.0, -38.5, 712.0]
SMALLEST = mpf("1e-250")
NAMES = {name: getattr(m, name) for name in ("exp", "log", "tanh", "sinh", "cosh")}


def derivatives(f, x):
    """The first derivatives at x, from the polynomial through nine points very near to it."""
    h = abs(x) * mpf(10) ** -12 / (1 + abs(x))
    at = [mpf(k) for k in range(-4, 5)]
    c = [f(x + k * h) for k in at]
    for j in range(1, len(at)):
        for i in range(len(at) - 1, j - 1, -1):
            c[i] = (c[i] - c[i - 1]) / (at[i] - at[i - j])
    polynomial = [mpf(0)]
    for k in range(len(at) - 1, -1, -1):
        grown = [mpf(0)] * (len(polynomial) + 1)
        for i, value in enumerate(polynomial):
            grown[i + 1] += value
            grown[i] -= value * at[k]
        grown[0] += c[k]
        polynomial = grown
    return [polynomial[k] * m.factorial(k) / h**k for k in range(5)]


def rows(text):
    python = re.sub(r"(?<![\w.])(\d+)", r"mpf(\1)", text.replace("^", "**"))
    code = compile(python, text, "eval")
    for point in POINTS:
        x = mpf(point)
        with mp.workdps(140 if abs(x) < 200 else 500):
            try:
                d = derivatives(lambda t: m.re(eval(code, {**NAMES, "mpf": mpf, "x": t})), x)
                if text.startswith("log") and x <= -1:
                    continue
            except ZeroDivisionError:
                continue
            for order in ORDERS[text]:
                if SMALLEST < abs(d[order]) < mpf("1e308"):
                    condition = abs(x * d[order + 1] / d[order])
                    yield [point, order, float(d[order]), float(m.nstr(condition, 3))]


if __name__ == "__main__":
    lines = [
        f"  {json.dumps(text)}: [\n" + ",\n".join(f"    {json.dumps(row)}" for row in rows(text)) + "\n  ]"
        for text in ORDERS
    ]
    Path(__file__).with_name("quotients.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")

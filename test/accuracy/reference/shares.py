"""Writes shares.json: for each formula rows of x, y, derivative, exact value and its condition. Needs python3-sympy."""
import json
from pathlib import Path

import mpmath as mp
import sympy as sp

# Next to 1 the largest argument leaves e^-10000.
mp.mp.dps = 9000

FORMULAS = [
    "exp(x)/(exp(x)+exp(y)+1)",
    "(exp(x)+exp(y))/(exp(x)+exp(y)+1)",
    "1/(exp(x)+exp(y)+1)",
    "exp(x)/(2*exp(x)+3*exp(y)+1)",
    "x*exp(x)/(exp(x)+exp(y)+1)",
    "-log(exp(x)/(exp(x)+exp(y)+1))",
    "-log(1-exp(x)/(exp(x)+exp(y)+1))",
    "exp(x+y)/(exp(x)+exp(y))^2",
    "(exp(2*x)+exp(2*y))/(exp(x)+exp(y))^2",
    "(exp(x)-exp(y))/(exp(x)+exp(y))",
    "(exp(x)+exp(y))/(exp(x)-exp(y))",
    "(x*exp(x)+y*exp(y))/(exp(x)+exp(y))",
    "exp(x)/(1+exp(x))*exp(y)/(1+exp(y))",
    "1/(1+exp(x)+exp(y))^2",
    "(2+exp(x)-exp(y))/(1+exp(x)+exp(y))",
    "exp(2*x)/(exp(2*x)+exp(2*y)+exp(x+y))",
    "exp(x)/(1+exp(x)+exp(2*x))",
    "(exp(x)+1)/(exp(x)+2)",
    "sqrt(exp(x)/(exp(x)+exp(y)))",
    "tanh((x-y)/2)*exp(x)/(exp(x)+exp(y))",
    "log(exp(x)+exp(y)+exp(x+y)+1)",
    "log(exp(x)+exp(y)+1)",
]
DERIVATIVES = ["", "x", "xx", "xxx", "xy", "xxy"]
XS = [-10000.0, -400.0, -30.5, -1e-8, 0.5, 29.0, 799.0]
YS = [-800.0, -401.0, 0.25, 31.0, 799.0]
SMALLEST = mp.mpf("1e-300")


def rows(text):
    x, y = sp.symbols("x y", real=True)
    formula = sp.sympify(text.replace("^", "**"), locals={"x": x, "y": y})
    names = [name for name in DERIVATIVES if "y" not in name or y in formula.free_symbols]
    wanted = []
    for name in names:
        e = formula
        for letter in name:
            e = sp.diff(e, {"x": x, "y": y}[letter])
        wanted += [e, sp.diff(e, x), sp.diff(e, y)]
    values = sp.lambdify((x, y), wanted, modules="mpmath", cse=True)
    for a in XS:
        for b in YS if y in formula.free_symbols else YS[:1]:
            try:
                found = values(mp.mpf(a), mp.mpf(b))
            except ZeroDivisionError:
                continue
            for at, name in enumerate(names):
                value, by_x, by_y = found[3 * at : 3 * at + 3]
                if abs(value) < SMALLEST:
                    yield [a, b, name, 0, 0]
                elif abs(value) < mp.mpf("1e308"):
                    condition = (abs(a * by_x) + abs(b * by_y)) / abs(value)
                    yield [a, b, name, float(value), float(f"{float(condition):.3g}")]


if __name__ == "__main__":
    lines = [
        f"  {json.dumps(text)}: [\n" + ",\n".join(f"    {json.dumps(row)}" for row in rows(text)) + "\n  ]"
        for text in FORMULAS
    ]
    Path(__file__).with_name("shares.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")

"""
Values and first two derivatives of compositions that people write, at as many digits as it takes, by mpmath
(Debian: python3-mpmath).

    python3 generate.py > compositions.json       the table that the test reads
    python3 generate.py 10 > dense.json           10 times the points, for a closer look

A composition is a text that is read both here and as `.nn`. The numbers are found with so many digits that twice as many
change nothing. A row is x (and y), then, for the value and each derivative g in x, g rounded to binary64 and the condition
|x g_x / g| + |y g_y / g| to two digits; where g is 0, |x g_x| + |y g_y| instead. What overflows is null, what underflows 0.
"""

import json
import random
import sys

from mpmath import mp, mpf
import mpmath as M

factor = int(sys.argv[1]) if len(sys.argv) > 1 else 1


class Undefined(Exception):
    pass


class Jet:
    """A function of x by its value and three derivatives."""

    def __init__(self, *d):
        self.d = (list(d) + [mpf(0)] * 4)[:4]

    def __add__(self, other):
        return Jet(*[a + b for a, b in zip(self.d, lift(other).d)])

    def __neg__(self):
        return Jet(*[-a for a in self.d])

    def __sub__(self, other):
        return self + -lift(other)

    def __rsub__(self, other):
        return lift(other) - self

    def __mul__(self, other):
        a, b = self.d, lift(other).d
        return Jet(
            a[0] * b[0],
            a[1] * b[0] + a[0] * b[1],
            a[2] * b[0] + 2 * a[1] * b[1] + a[0] * b[2],
            a[3] * b[0] + 3 * a[2] * b[1] + 3 * a[1] * b[2] + a[0] * b[3],
        )

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other):
        return self * lift(other).then(reciprocal)

    def __rtruediv__(self, other):
        return lift(other) / self

    def __pow__(self, n):
        if isinstance(n, int):
            result = lift(1)
            for _ in range(abs(n)):
                result = result * self
            return result if n >= 0 else 1 / result
        return exp(lift(n) * log(self))

    def __rpow__(self, base):
        return exp(self * log(lift(base)))

    def then(self, outer):
        u, g = self.d, outer(self.d[0])
        return Jet(
            g[0],
            g[1] * u[1],
            g[2] * u[1] ** 2 + g[1] * u[2],
            g[3] * u[1] ** 3 + 3 * g[2] * u[1] * u[2] + g[1] * u[3],
        )


def lift(e):
    return e if isinstance(e, Jet) else Jet(mpf(e))


def reciprocal(u):
    if u == 0:
        raise Undefined
    return [1 / u, -1 / u**2, 2 / u**3, -6 / u**4]


def of_exp(u):
    if u > 100000:
        raise Undefined
    return [M.exp(u) if u > -100000 else mpf(0)] * 4


def of_log(u):
    if u <= 0:
        raise Undefined
    return [M.log(u), 1 / u, -1 / u**2, 2 / u**3]


def of_sqrt(u):
    if u <= 0:
        raise Undefined
    r = M.sqrt(u)
    return [r, 1 / (2 * r), -1 / (4 * r * u), 3 / (8 * r * u**2)]


def of_asin(u):
    if abs(u) >= 1:
        raise Undefined
    w = 1 / M.sqrt((1 - u) * (1 + u))
    return [M.asin(u), w, u * w**3, (1 + 2 * u * u) * w**5]


def of_atan(u):
    w = 1 / (1 + u * u)
    return [M.atan(u), w, -2 * u * w**2, (6 * u * u - 2) * w**3]


def of_erf(u):
    g = 2 / M.sqrt(M.pi) * of_exp(-u * u)[0]
    return [M.erf(u), g, -2 * u * g, (4 * u * u - 2) * g]


def of_erfc(u):
    return [M.erfc(u) if u < 1000 else mpf(0)] + [-g for g in of_erf(u)[1:]]


def of_sign(u):
    if u == 0:
        raise Undefined
    return [M.sign(u), 0, 0, 0]


exp = lambda u: lift(u).then(of_exp)
log = lambda u: lift(u).then(of_log)
sqrt = lambda u: lift(u).then(of_sqrt)
sin = lambda u: u.then(lambda v: [M.sin(v), M.cos(v), -M.sin(v), -M.cos(v)])
cos = lambda u: u.then(lambda v: [M.cos(v), -M.sin(v), -M.cos(v), M.sin(v)])
asin = lambda u: u.then(of_asin)
acos = lambda u: M.pi / 2 - asin(u)
atan = lambda u: u.then(of_atan)
erf = lambda u: u.then(of_erf)
erfc = lambda u: u.then(of_erfc)
abs_ = lambda u: u * u.then(of_sign)

NAMES = {
    "exp": exp,
    "log": log,
    "sqrt": sqrt,
    "sin": sin,
    "cos": cos,
    "tan": lambda u: sin(u) / cos(u),
    "asin": asin,
    "acos": acos,
    "atan": atan,
    "sinh": lambda u: (exp(u) - exp(-u)) / 2,
    "cosh": lambda u: (exp(u) + exp(-u)) / 2,
    "tanh": lambda u: 1 - 2 / (1 + exp(2 * u)),
    "asinh": lambda u: log(u + sqrt(u * u + 1)),
    "acosh": lambda u: log(u + sqrt(u - 1) * sqrt(u + 1)),
    "atanh": lambda u: (log(1 + u) - log(1 - u)) / 2,
    "erf": erf,
    "erfc": erfc,
    "normal_cdf": lambda u: erfc(-u / M.sqrt(2)) / 2,
    "expm1": lambda u: exp(u) - 1,
    "log1p": lambda u: log(1 + u),
    "sigmoid": lambda u: 1 / (1 + exp(-u)),
    "softplus": lambda u: log(1 + exp(u)),
    "log_sigmoid": lambda u: -log(1 + exp(-u)),
    "hypot": lambda u, v: sqrt(u * u + v * v),
    "abs": abs_,
    "max": lambda u, v: u if lift(u).d[0] > lift(v).d[0] else lift(v),
    "min": lambda u, v: u if lift(u).d[0] < lift(v).d[0] else lift(v),
}


def derivatives(code, x, y):
    """The derivatives in x, and those of them in y."""
    names = {**NAMES, "pi": mpf(M.pi), "x": Jet(x, mpf(1)), "y": y and lift(y)}
    here = eval(code, names).d
    if y is None:
        return here, [mpf(0)] * 4
    # A difference with half of the digits as its step.
    h = y * mpf(10) ** (-mp.dps // 2)
    there = eval(code, {**names, "y": lift(y + h)}).d
    return here, [(b - a) / h for a, b in zip(here, there)]


def rounded(e):
    value = float(e)
    return None if abs(value) == float("inf") else 0.0 if abs(value) < 2.0**-1022 else value


def numbers(code, x, y, digits):
    mp.dps = digits
    d, by_y = derivatives(code, mpf(x), y if y is None else mpf(y))
    found = []
    for order in range(3):
        moved = abs(mpf(x) * d[order + 1]) + (0 if y is None else abs(mpf(y) * by_y[order]))
        value = rounded(d[order])
        found += [value, float(f"{float(moved if value in (0, None) else moved / abs(d[order])):.2g}")]
    return found


def row(code, x, y):
    try:
        digits = 120
        known = numbers(code, x, y, digits)
        while True:
            digits *= 2
            again = numbers(code, x, y, digits)
            plain = all(value and abs(value) < 1e15 for value in known) and 1e-20 < abs(x) < 1e20
            if again == known and digits >= (240 if plain else 2400):
                break
            known = again
            if digits > 20000:
                raise Undefined
    except (Undefined, ZeroDivisionError):
        return None
    if all(value in (0, None) for value in known[::2]) and x != 0:
        return None
    known = [None if value == float("inf") else value for value in known]
    return [x, *([] if y is None else [y]), *known]


# ── Points ──────────────────────────────────────────────────────────────────────────────────────────────────


def short(v):
    """Three digits: short to store, and exact as the binary64 number that they read as."""
    return float(f"{v:.3g}")


def uniform(low, high, count):
    return [short(random.uniform(low, high)) for _ in range(count * factor)]


def spread(low, high, count):
    """Log-uniform, by powers of ten."""
    steps = [low + (high - low) * (k + random.random()) / (count * factor) for k in range(count * factor)]
    return [short(random.uniform(1, 9.99)) * 10.0**int(s) for s in steps]


def around(centre, count=6):
    return [centre + s * v for v in spread(-14, -1, count) for s in (1, -1)]


def both(points):
    return [s * v for v in points for s in (1, -1)]


def tiny(low=-300):
    return spread(low, -17, 3) + spread(-16, -3, 6)


def domain(kind, low=-300, high=300):
    if kind == "line":
        return [0.0] + both(tiny(low) + uniform(0.01, 3, 5) + uniform(3, 40, 3) + spread(2, 16, 4) + spread(17, high, 4))
    if kind == "exponent":
        return [0.0] + both(tiny(low) + uniform(0.01, 3, 6) + uniform(3, 40, 5) + uniform(40, 740, 5))
    if kind == "bell":
        return [0.0] + both(tiny(low) + uniform(0.01, 3, 8) + uniform(3, 38, 8))
    if kind == "positive":
        return tiny(low) + uniform(0.01, 3, 8) + uniform(3, 40, 4) + around(1) + spread(2, 16, 4) + spread(17, high, 5)
    if kind == "probability":
        return tiny(low) + uniform(0.01, 0.99, 10) + around(0.5) + [1 - v for v in spread(-15, -2, 8)]
    if kind == "unit":
        return [0.0] + both(tiny(low) + uniform(0.01, 0.99, 8) + [1 - v for v in spread(-15, -2, 8)])
    if kind == "below 0":
        return [-v for v in tiny(low) + uniform(0.01, 3, 8) + uniform(3, 40, 6) + uniform(40, 740, 6)]
    if kind == "above 1":
        return [1 + v for v in spread(-15, -1, 10)] + uniform(1.1, 30, 8) + spread(2, 16, 5) + spread(17, high, 6)
    if kind == "angle":
        return [0.0] + both(tiny(low) + uniform(0.01, 3, 10) + uniform(3, 40, 8))
    raise ValueError(kind)


def with_partners(kind, xs):
    """Values of y for each x: equal magnitudes, near and far."""
    found = []
    for x in xs:
        if kind == "any":
            found.append((x, short(random.uniform(-30, 30))))
        elif kind == "near":
            found.append((x, short(random.uniform(-3, 3)) + x if random.random() < 0.5 else short(random.uniform(-700, 700))))
        elif kind == "same":
            found.append((x, (short(abs(x) * random.uniform(0.1, 9)) if random.random() < 0.6 else 0) or short(random.uniform(0.1, 9))))
        elif kind == "label":
            found.append((x, random.choice([0.0, 1.0, 0.5, 0.125])))
        else:
            raise ValueError(kind)
    return found


exec(open(__file__.replace("generate.py", "compositions.py")).read())

lines = []
for text, kind, *rest in COMPOSITIONS:
    options = rest[0] if rest else {}
    random.seed(text)
    xs = domain(kind, options.get("low", -300), options.get("high", 300)) + options.get("also", [])
    for centre in options.get("around", []):
        xs += around(centre)
    points = with_partners(options["y"], xs) if "y" in options else [(x, None) for x in xs]
    code = compile(text.replace("^", "**"), text, "eval")
    rows = [r for r in (row(code, x, y) for x, y in sorted(set(points), key=str)) if r]
    print(text, len(rows), file=sys.stderr)
    body = ",\n".join("    " + json.dumps(r, separators=(",", ":")).replace(".0,", ",").replace(".0]", "]") for r in rows)
    lines.append(f"  {json.dumps(text)}: [\n{body}\n  ]")
print("{\n" + ",\n".join(lines) + "\n}")

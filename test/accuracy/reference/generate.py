"""
Values and derivatives of compositions that people write, at as many digits as it takes, by mpmath (Debian: python3-mpmath).

    python3 generate.py compositions 3 > compositions.json    value and two derivatives: the table that the test reads
    python3 generate.py everyday 4 > everyday.json            value and three derivatives
    python3 generate.py compositions 3 10 > dense.json        10 times the points, for a closer look

A composition is a text that is read both here and as `.nn`. The numbers are found with so many digits that twice as many
change nothing. A row is x (and y), then, for the value and each derivative g in x, g rounded to binary64 and the condition
|x g_x / g| + |y g_y / g| to two digits; where g is 0, |x g_x| + |y g_y| instead. What overflows is null, what underflows 0.
"""

import json
import random
import sys

from mpmath import mp, mpf
import mpmath as M

LIST = sys.argv[1]
ORDERS = int(sys.argv[2])
factor = int(sys.argv[3]) if len(sys.argv) > 3 else 1
# One derivative more tells the condition of the last.
TERMS = ORDERS + 1


class Undefined(Exception):
    pass


class Jet:
    """A function of x by its Taylor coefficients."""

    def __init__(self, *c):
        self.c = (list(c) + [mpf(0)] * TERMS)[:TERMS]

    @property
    def d(self):
        return [c * M.factorial(k) for k, c in enumerate(self.c)]

    def __add__(self, other):
        return Jet(*[a + b for a, b in zip(self.c, lift(other).c)])

    def __neg__(self):
        return Jet(*[-a for a in self.c])

    def __sub__(self, other):
        return self + -lift(other)

    def __rsub__(self, other):
        return lift(other) - self

    def __mul__(self, other):
        a, b = self.c, lift(other).c
        return Jet(*[sum(a[k] * b[n - k] for k in range(n + 1)) for n in range(TERMS)])

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other):
        a, b = self.c, lift(other).c
        if b[0] == 0:
            raise Undefined
        q = []
        for n in range(TERMS):
            q.append((a[n] - sum(q[k] * b[n - k] for k in range(n))) / b[0])
        return Jet(*q)

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

    def slope(self):
        return Jet(*[k * c for k, c in enumerate(self.c)][1:])

    def integral(self, start):
        """The function of this derivative; its last coefficient is that of the highest order."""
        return Jet(start, *[c / (k + 1) for k, c in enumerate(self.c[:-1])])


def lift(e):
    return e if isinstance(e, Jet) else Jet(mpf(e))


def exp(u):
    u = lift(u)
    if u.c[0] > 100000:
        raise Undefined
    y = [M.exp(u.c[0]) if u.c[0] > -100000 else mpf(0)]
    for n in range(1, TERMS):
        y.append(sum(k * u.c[k] * y[n - k] for k in range(1, n + 1)) / n)
    return Jet(*y)


def log(u):
    u = lift(u)
    if u.c[0] <= 0:
        raise Undefined
    return (u.slope() / u).integral(M.log(u.c[0]))


def sqrt(u):
    u = lift(u)
    if u.c[0] <= 0:
        raise Undefined
    y = [M.sqrt(u.c[0])]
    for n in range(1, TERMS):
        y.append((u.c[n] - sum(y[k] * y[n - k] for k in range(1, n))) / (2 * y[0]))
    return Jet(*y)


def sincos(u):
    u = lift(u)
    s, c = [M.sin(u.c[0])], [M.cos(u.c[0])]
    for n in range(1, TERMS):
        s.append(sum(k * u.c[k] * c[n - k] for k in range(1, n + 1)) / n)
        c.append(-sum(k * u.c[k] * s[n - k] for k in range(1, n + 1)) / n)
    return Jet(*s), Jet(*c)


def asin(u):
    u = lift(u)
    if abs(u.c[0]) >= 1:
        raise Undefined
    return (u.slope() / (sqrt(1 - u) * sqrt(1 + u))).integral(M.asin(u.c[0]))


def atan(u):
    u = lift(u)
    return (u.slope() / (1 + u * u)).integral(M.atan(u.c[0]))


def erf(u):
    u = lift(u)
    return (u.slope() * exp(-u * u) * (2 / M.sqrt(M.pi))).integral(M.erf(u.c[0]))


def erfc(u):
    u = lift(u)
    return (u.slope() * exp(-u * u) * (-2 / M.sqrt(M.pi))).integral(M.erfc(u.c[0]) if u.c[0] < 1000 else mpf(0))


def lgamma(u):
    u = lift(u)
    if u.c[0] <= 0:
        raise Undefined
    v = Jet(mpf(0), *u.c[1:])
    y, p = lift(M.loggamma(u.c[0])), lift(1)
    for k in range(1, TERMS):
        p = p * v
        y = y + p * (M.psi(k - 1, u.c[0]) / M.factorial(k))
    return y


def digamma(u):
    u = lift(u)
    v = Jet(mpf(0), *u.c[1:])
    y, p = lift(M.psi(0, u.c[0])), lift(1)
    for k in range(1, TERMS):
        p = p * v
        y = y + p * (M.psi(k, u.c[0]) / M.factorial(k))
    return y


def abs_(u):
    u = lift(u)
    if u.c[0] == 0:
        raise Undefined
    return u if u.c[0] > 0 else -u


sin = lambda u: sincos(u)[0]
cos = lambda u: sincos(u)[1]
acos = lambda u: M.pi / 2 - asin(u)

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
    "lgamma": lgamma,
    "digamma": digamma,
    "xlogy": lambda u, v: u * log(v),
    "logit": lambda u: log(u) - log(1 - lift(u)),
    "log1mexp": lambda u: log(1 - exp(u)),
    "relu": lambda u: u if u.c[0] > 0 else lift(0),
    "erf": erf,
    "erfc": erfc,
    "normal_cdf": lambda u: erfc(-u / M.sqrt(2)) / 2,
    "normal_pdf": lambda u: exp(-lift(u) * u / 2) / M.sqrt(2 * M.pi),
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
        return here, [mpf(0)] * TERMS
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
    for order in range(ORDERS):
        moved = abs(mpf(x) * d[order + 1]) + (0 if y is None else abs(mpf(y) * by_y[order]))
        value = rounded(d[order])
        found += [value, float(f"{float(moved if value in (0, None) else moved / abs(d[order])):.2g}")]
    return found


def row(code, x, y, most):
    try:
        digits = 120
        known = numbers(code, x, y, digits)
        while True:
            digits *= 2
            again = numbers(code, x, y, digits)
            plain = all(value and 1e-15 < abs(value) < 1e15 for value in known[: 2 * ORDERS : 2]) and 1e-20 < abs(x) < 1e20
            if again == known and digits >= (240 if plain else most):
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
        elif kind == "nearby":
            found.append((x, x * (1 + random.choice([-1, 1]) * short(10 ** random.uniform(-14, -0.1)))))
        elif kind == "nearby probability":
            found.append((x, min(x * (1 + random.choice([-1, 1]) * short(10 ** random.uniform(-14, -0.5))), 1 - 2**-50)))
        elif kind == "power":
            found.append((x, random.choice([-1, 1]) * random.choice([short(random.uniform(0.1, 3)), 1e-9, 1e-5, 1e-3])))
        elif kind == "base":
            found.append((x, random.choice([short(random.uniform(0.1, 30)), 1 + 1e-5, 1e3])))
        elif kind == "few":
            found.append((x, random.choice([1.0, 2.0, 3.0, 10.0]) if x > 11 else short(x * random.uniform(0.05, 0.95))))
        elif kind == "years":
            found.append((x, random.choice([0.5, 10.0, 30.0, 360.0])))
        elif kind == "label":
            found.append((x, random.choice([0.0, 1.0, 0.5, 0.125])))
        else:
            raise ValueError(kind)
    return found


exec(open(__file__.replace("generate.py", f"{LIST}.py")).read())

lines = []
for text, kind, *rest in COMPOSITIONS:
    options = rest[0] if rest else {}
    random.seed(text)
    xs = domain(kind, options.get("low", -300), options.get("high", 300)) + options.get("also", [])
    for centre in options.get("around", []):
        xs += around(centre)
    points = with_partners(options["y"], xs) if "y" in options else [(x, None) for x in xs]
    code = compile(text.replace("^", "**"), text, "eval")
    rows = [r for r in (row(code, x, y, options.get("digits", 2400)) for x, y in sorted(set(points), key=str)) if r]
    print(text, len(rows), file=sys.stderr)
    body = ",\n".join("    " + json.dumps(r, separators=(",", ":")).replace(".0,", ",").replace(".0]", "]") for r in rows)
    lines.append(f"  {json.dumps(text)}: [\n{body}\n  ]")
print("{\n" + ",\n".join(lines) + "\n}")

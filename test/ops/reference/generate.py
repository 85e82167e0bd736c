"""
Reference values of the operators at 60 digits, by mpmath (Debian: python3-mpmath).

    python3 generate.py > values.json            the tables that the tests read; then `prettier --write` them
    python3 generate.py 50 > dense.json          50 times the points, for a closer look

Each row is the arguments, exact binary64 numbers, and the value as the sum of two binary64 numbers.
`slopes` are the first derivatives of the operators of one argument, by the formulas below.
"""

import json
import random
import sys

from mpmath import mp, mpf
import mpmath as M

mp.dps = 60
random.seed(1)
factor = int(sys.argv[1]) if len(sys.argv) > 1 else 1


def uniform(low, high, count=8):
    return [random.uniform(low, high) for _ in range(count * factor)]


def spread(low, high, count=8):
    """Log-uniform."""
    a, b = M.log10(low), M.log10(high)
    return [float(mpf(10) ** (a + (b - a) * mpf(random.random()))) for _ in range(count * factor)]


def both(points):
    return [x if random.random() < 0.5 else -x for x in points]


tiny = spread(1e-300, 1e-3)
huge = spread(1e3, 1e300)
line = both(tiny + uniform(0, 3, 16) + uniform(3, 40, 16) + huge)
small = both(tiny + uniform(0, 3, 16) + uniform(3, 40, 12) + uniform(40, 700, 8))
half = tiny + uniform(0, 3, 12) + spread(0.9, 1.1) + huge
unit = both(tiny + uniform(0, 1, 16) + [1 - x for x in spread(1e-15, 0.1)])
gammas = spread(1e-300, 0.1, 6) + uniform(0, 1, 8) + uniform(1, 3, 16) + uniform(3, 30, 12) + spread(30, 1e300, 6)
near = [1 + x for x in both(spread(1e-15, 0.1))] + [2 + x for x in both(spread(1e-15, 0.1))]
root = [1.4616321449683622 + x for x in both(spread(1e-15, 0.1))]
below = [-x for x in spread(1e-10, 1, 6) + uniform(0, 20, 12) + spread(20, 1e6, 6)]
left = [-x for x in tiny + uniform(0, 3, 16) + uniform(3, 40, 8) + uniform(40, 745, 8)]

log2 = M.log(2)


def pairs(xs, ys):
    ys = list(ys)
    return [(x, random.choice(ys)) for x in xs]


def sigmoid(x):
    return 1 / (1 + M.exp(-x))


def softplus(x):
    return M.log1p(M.exp(x)) if x < 0 else x + M.log1p(M.exp(-x))


def scaled_erfc(x):
    if x > 1e10:
        return (1 - 1 / (2 * x * x) + 3 / (4 * x**4)) / (x * M.sqrt(M.pi))
    return M.exp(x * x) * M.erfc(x)


def erfcx_derivative(n, x):
    if x > 1e10:
        return 2 / M.sqrt(M.pi) * (-2) ** int(n) * sum((-1) ** k / M.factorial(k) * M.factorial(n + 2 * k) / (2 * x) ** (n + 2 * k + 1) for k in range(4))
    with M.workdps(mp.dps + 200):
        before, value = mpf(0), M.exp(x * x) * M.erfc(x)
        for k in range(int(n)):
            before, value = value, 2 * x * value + 2 * k * before - (2 / M.sqrt(M.pi) if k == 0 else 0)
        return value


def log_erfc_derivative(n, x):
    with M.workdps(mp.dps + 400):
        if x > 20:
            # At worst as small as the last of these terms.
            tail = sum((-1) ** k * M.fac2(2 * k - 1) / (2 * x * x) ** k for k in range(min(400, int(x * x))))
            scaled = tail / (x * M.sqrt(M.pi))
        else:
            scaled = M.exp(x * x) * M.erfc(x)
        slopes = [-2 / (M.sqrt(M.pi) * scaled)]
        for k in range(int(n) - 1):
            products = sum(M.binomial(k, j) * slopes[j] * slopes[k - j] for j in range(k + 1))
            slopes.append(-products - 2 * x * slopes[k] - (2 * k * slopes[k - 1] if k else 0))
        return slopes[-1]


def log_erfc(x):
    if x > 1e10:
        return M.log(scaled_erfc(x)) - x * x
    return M.log1p(-M.erf(x)) if x < 0.5 else M.log(M.erfc(x))


def log1mexp(x):
    return M.log(-M.expm1(x)) if x > -1 else M.log1p(-M.exp(x))


def gamma_difference(f, x, y):
    """As many digits as the larger of both has more, and those that cancel."""
    with M.workdps(mp.dps + 700):
        return f(x + y) - f(x)


def log_beta(x, y):
    with M.workdps(mp.dps + 700):
        return M.loggamma(x) + M.loggamma(y) - M.loggamma(x + y)


def power(x, y):
    return M.exp(y * M.log(x))


VALUES = {
    "div": (lambda a, b: a / b, pairs(line, small)),
    "pow": (power, pairs(uniform(0.01, 30, 20), uniform(-40, 40, 20)) + pairs(half, uniform(-1, 1))),
    "sqrt": (M.sqrt, half),
    "cbrt": (lambda x: M.sign(x) * M.cbrt(abs(x)), line),
    "hypot": (lambda a, b: M.sqrt(a * a + b * b), pairs(line, line)),
    "mod": (lambda a, b: a - b * M.floor(a / b), pairs(small, both(uniform(0.1, 9)))),
    "exp": (M.exp, small),
    "expm1": (M.expm1, small),
    "log": (M.log, half),
    "log1p": (M.log1p, unit + half),
    "log2": (lambda x: M.log(x) / log2, half),
    "log10": (lambda x: M.log(x) / M.log(10), half),
    "xlogy": (lambda a, b: a * M.log(b), pairs(small, uniform(0, 3) + huge)),
    "sigmoid": (sigmoid, small),
    "logit": (lambda p: M.log(p) - M.log1p(-p), [abs(x) for x in unit] + [0.5 + x for x in both(spread(1e-15, 0.3))]),
    "softplus": (softplus, small),
    "log_sigmoid": (lambda x: -softplus(-x), small),
    "log1mexp": (log1mexp, left),
    "sin": (M.sin, line),
    "cos": (M.cos, line),
    "tan": (M.tan, line),
    "asin": (M.asin, unit),
    "acos": (M.acos, unit),
    "atan": (M.atan, line),
    "atan2": (M.atan2, pairs(line, line)),
    "sinh": (M.sinh, small),
    "cosh": (M.cosh, small),
    "tanh": (M.tanh, small),
    "asinh": (lambda x: M.sign(x) * M.log1p(abs(x) + x * x / (1 + M.sqrt(1 + x * x))), line),
    "acosh": (lambda x: M.log1p(x - 1 + M.sqrt((x - 1) * (x + 1))), [1 + x for x in spread(1e-15, 10, 16)] + huge),
    "atanh": (lambda x: (M.log1p(x) - M.log1p(-x)) / 2, unit),
    "erf": (M.erf, small),
    "erfc": (M.erfc, both(tiny + uniform(0, 3, 16)) + uniform(3, 27.2, 16)),
    "erfcx": (scaled_erfc, both(tiny + uniform(0, 3, 16)) + uniform(-26.5, 30, 16) + huge),
    "log_erfc": (log_erfc, both(tiny + uniform(0, 3, 16)) + uniform(-30, 30, 16) + spread(1e3, 1e150)),
    "normal_cdf": (M.ncdf, both(tiny + uniform(0, 3, 16)) + uniform(-38.4, 9, 16)),
    "normal_pdf": (M.npdf, both(tiny + uniform(0, 3, 16)) + uniform(-38.5, 38.5, 16)),
    "gaussian": (lambda x: M.exp(-x * x), both(tiny + uniform(0, 3, 16)) + uniform(-27.2, 27.2, 16)),
    "lgamma": (lambda x: M.loggamma(x).real if x > 0 else M.log(abs(M.gamma(x))), gammas + near + below),
    "digamma": (M.digamma, gammas + root + below),
    "polygamma": (
        lambda n, x: M.psi(int(n), x),
        [(float(random.choice([1, 2, 3, 4, 7, 20])), x) for x in spread(1e-10, 1) + uniform(0, 30, 24) + spread(30, 1e10)]
        + [(float(random.choice([1, 2, 3, 4])), x) for x in below],
    ),
    "erfcx_derivative": (
        erfcx_derivative,
        [(float(random.choice([1, 2, 3])), x) for x in both(tiny + uniform(0, 3, 32)) + uniform(-26, 30, 16) + spread(1e2, 1e90)],
    ),
    "log_erfc_derivative": (
        log_erfc_derivative,
        [(float(random.choice([1, 2, 3, 4])), x) for x in both(tiny + uniform(0, 3, 48)) + uniform(-26, 30, 32) + spread(1e2, 1e60)],
    ),
    # Beside zeros of their own, which move with both arguments, these are as good as sums are.
    "lgamma_difference": (
        lambda x, y: gamma_difference(M.loggamma, x, y),
        [(random.choice([1.0, 2.0]), y) for y in both(spread(1e-300, 0.1, 12))]
        + [(x, x * y) for x, y in zip(spread(4, 1e100, 24), both(spread(1e-15, 0.4, 24)))]
        + [(x, y) for x, y in zip(spread(1e-100, 0.1, 8), spread(1e-10, 10, 8))],
    ),
    "polygamma_difference": (
        lambda n, x, y: gamma_difference(lambda z: M.psi(int(n), z), x, y),
        [(float(random.choice([0, 1, 2, 3, 7])), x, x * y) for x, y in zip(spread(1e-10, 1e10, 48), both(spread(1e-15, 0.9, 48)))],
    ),
    "exprel": (
        lambda n, x: M.hyp1f1(n + 1, n + 2, x) / (n + 1),
        [(float(n), x) for n in (0, 1, 2, 3, 7) for x in both(spread(1e-20, 1) + uniform(1, 60, 12) + uniform(60, 700, 4))],
    ),
    "lbeta": (log_beta, list(zip(spread(20, 1e20, 16), spread(20, 1e20, 16))) + list(zip(spread(3, 9, 8), spread(20, 1e20, 8)))),
}

SLOPES = {
    "sqrt": lambda x: 1 / (2 * M.sqrt(x)),
    "cbrt": lambda x: abs(x) ** (mpf(-2) / 3) / 3,
    "exp": M.exp,
    "expm1": M.exp,
    "log": lambda x: 1 / x,
    "log1p": lambda x: 1 / (1 + x),
    "log2": lambda x: 1 / (x * log2),
    "log10": lambda x: 1 / (x * M.log(10)),
    "logit": lambda p: 1 / (p * (1 - p)),
    "softplus": sigmoid,
    "log_sigmoid": lambda x: sigmoid(-x),
    "log1mexp": lambda x: M.exp(x) / M.expm1(x),
    "sin": M.cos,
    "cos": lambda x: -M.sin(x),
    "tan": lambda x: M.sec(x) ** 2,
    "asin": lambda x: 1 / M.sqrt((1 - x) * (1 + x)),
    "acos": lambda x: -1 / M.sqrt((1 - x) * (1 + x)),
    "atan": lambda x: 1 / (1 + x * x),
    "sinh": M.cosh,
    "cosh": M.sinh,
    "acosh": lambda x: 1 / M.sqrt((x - 1) * (x + 1)),
    "atanh": lambda x: 1 / ((1 - x) * (1 + x)),
    "erfcx": lambda x: erfcx_derivative(1, x),
    "log_erfc": lambda x: -2 / (M.sqrt(M.pi) * scaled_erfc(x)),
    "normal_cdf": M.npdf,
    "normal_pdf": lambda x: -x * M.npdf(x),
    "gaussian": lambda x: -2 * x * M.exp(-x * x),
    "lgamma": M.digamma,
    "digamma": lambda x: M.psi(1, x),
}


def row(f, args):
    args = args if isinstance(args, tuple) else (args,)
    exact = f(*[mpf(x) for x in args])
    high = float(exact)
    if abs(high) == float("inf"):
        return None
    return [*args, high, float(exact - mpf(high))]


def table(functions):
    found = {}
    for name, (f, points) in functions.items():
        rows = [row(f, p) for p in points]
        found[name] = [r for r in rows if r]
    return found


def text(rows_of):
    lines = []
    for name, rows in rows_of.items():
        lines.append(f'    "{name}": [\n' + ",\n".join("      " + json.dumps(r) for r in rows) + "\n    ]")
    return ",\n".join(lines)


slopes = {name: (f, VALUES[name][1]) for name, f in SLOPES.items()}
print('{\n  "values": {\n' + text(table(VALUES)) + '\n  },\n  "slopes": {\n' + text(table(slopes)) + "\n  }\n}")

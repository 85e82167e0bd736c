# Formulas of two numbers whose derivatives modules take of derivatives, to the third: what the chain rule spells as a difference of quotients, and what
# is made of it must keep its digits where the numbers are far from each other.
COMPOSITIONS = [
    # angles, resistances, lenses, reduced masses
    ("atan(y / x)", "line", {"y": "same", "low": -100, "high": 100, "digits": 960}),
    ("1 / (1 / x + 1 / y)", "positive", {"y": "same", "low": -30, "high": 30, "digits": 960}),
    ("x * y / (x + y)", "positive", {"y": "same", "low": -60, "high": 60, "digits": 960}),
    # a loss whose slope is bounded
    ("y^2 * (sqrt(1 + (x / y)^2) - 1)", "line", {"y": "same", "low": -30, "high": 30, "digits": 960}),
    # Hill's law; a smile of volatilities; Cauchy's and other losses of a distance
    ("x^y / (2^y + x^y)", "positive", {"y": "label", "low": -12, "high": 12, "digits": 960}),
    ("0.1 * (0.4 * (x - 2) + sqrt((x - 2)^2 + y^2))", "line", {"y": "same", "low": -12, "high": 12, "digits": 960}),
    ("log(1 + ((x - y) / 0.5)^2)", "line", {"y": "same", "low": -12, "high": 12, "digits": 960}),
    ("y * (x - y)^2 / (1 + abs(x - y))", "line", {"y": "same", "low": -12, "high": 12, "digits": 960}),
    # what is left of squares next to each other
    ("0.5 * (x / y + y / x) - 1", "positive", {"y": "nearby", "low": -60, "high": 60, "digits": 960}),
    ("x^2 - 2 * x * y + y^2", "line", {"y": "nearby", "low": -100, "high": 100, "digits": 960}),
    ("(x + y) / 2 - sqrt(x * y)", "positive", {"y": "nearby", "low": -30, "high": 30, "digits": 960}),
    # functions of a quotient, and of powers of it
    ("log(1 + x^2 / y^2)", "line", {"y": "same", "low": -120, "high": 120, "digits": 960}),
    ("1 - exp(-(x / y)^2) * (1 + (x / y)^2)", "positive", {"y": "same", "low": -30, "high": 30, "digits": 960}),
    ("erf(x / y) - 2 / sqrt(pi) * x / y * exp(-(x / y)^2)", "positive", {"y": "same", "low": -30, "high": 30, "digits": 960}),
    # powers beside 1, and of 1 and an exponential
    ("(1 + exp(-x))^-y", "exponent", {"y": "label", "also": [-800.0, -2500.0], "digits": 960}),
    ("sigmoid(x)^y", "exponent", {"y": "label", "also": [-800.0, -2500.0], "digits": 960}),
    ("1 / (1 + 10^(y - x))", "exponent", {"y": "label", "digits": 960}),
    # shares of a sum and of a root, and what they lack
    ("0.5 * (1 + (x - 1) / sqrt((x - 1)^2 + y^2))", "line", {"y": "same", "low": -12, "high": 12, "digits": 960}),
    ("1 - ((x - y) / (x + y))^2", "positive", {"y": "same", "low": -30, "high": 30, "digits": 960}),
    ("asinh(x / y) * y - x", "line", {"y": "same", "low": -12, "high": 12, "digits": 960}),
    ("1 - exp(-y * x) - y * x * exp(-y * x)", "positive", {"y": "same", "low": -12, "high": 2, "digits": 960}),
    ("x * log(2 * x / (x + y)) / 2 + y * log(2 * y / (x + y)) / 2", "positive", {"y": "nearby", "low": -12, "high": 12, "digits": 960}),
    ("exp(y / x) * erfc(sqrt(y / x))", "positive", {"y": "same", "low": -12, "high": 12, "digits": 960}),
]

# What is compared to the third derivative: formulas of textbooks, papers and programs that have lost digits somewhere.
# The text, where x is taken from, and more about the points.
COMPOSITIONS = [
    # next to points other than 0
    ("(x - 1) / log(x)", "positive"),
    ("log(x) / (x - 1)", "positive"),
    ("x * log(x) / (x - 1)", "positive"),
    ("1 / log(x) - 1 / (x - 1)", "positive"),
    ("x - 1 - log(x)", "positive"),
    ("x * log(x / 0.25) + (1 - x) * log((1 - x) / 0.75)", "probability", {"around": [0.25]}),
    # where bounded functions saturate
    ("log(1 + exp(x)) / x", "exponent"),
    ("log(softplus(x))", "exponent"),
    ("0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x^3)))", "bell"),
    ("x * 0.5 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))", "bell"),
    ("1.5 / tanh(1.5 * x) - 0.5 / tanh(0.5 * x)", "exponent"),
    # fourth roots
    ("(1 + x)^0.25 - 1", "positive"),
    # functions of a product
    ("(1 - exp(-x * y)) / x", "exponent", {"y": "label"}),
    # roots of roots
    ("sqrt(sqrt(1 + x^2) + 1)", "line"),
    # next to the ends of domains
    ("acosh(1 + x)", "positive"),
    ("acos(1 - x)", "probability"),
    # far out
    ("atan(x) / x", "line"),
    ("(log(1 + x) - x) / x", "positive"),
    # the normal distribution far out: probit regression, truncated normals, expected improvement
    ("exp(-x^2 / 2) / normal_cdf(x)", "bell"),
    ("exp(-x^2 / 2) / sqrt(2 * pi) / (1 - normal_cdf(x))", "bell"),
    ("log(normal_cdf(x))", "bell"),
    ("log(0.5 * (1 + erf(x / sqrt(2))))", "bell"),
    ("log(erfc(x))", "bell"),
    ("-y * log(normal_cdf(x)) - (1 - y) * log(1 - normal_cdf(x))", "bell", {"y": "label"}),
    ("x * normal_cdf(x) + exp(-x^2 / 2) / sqrt(2 * pi)", "bell"),
    ("exp(-x^2) / sqrt(pi) - x * erfc(x)", "bell"),
    ("exp(x) * erfc(sqrt(x))", "positive", {"high": 5}),
    # differences of what saturates
    ("normal_cdf(x + 1) - normal_cdf(x - 1)", "bell"),
    ("erf(x + 1) - erf(x)", "bell"),
    ("log(sigmoid(x + 1) - sigmoid(x - 1))", "exponent"),
    ("log(tanh(x))", "exponent"),
    # roots of two squares against what is next to them
    ("x + y - sqrt(x^2 + y^2)", "line", {"y": "same"}),
    ("sqrt(x^2 + y^2) - x", "line", {"y": "same"}),
    ("log(1 - exp(-exp(x)))", "exponent", {"digits": 960}),
    ("log(exp(exp(x)) - 1)", "exponent", {"digits": 960}),
    ("log((exp(x) - 1) / x)", "exponent", {"digits": 960}),
    ("log((1 - exp(-x)) / x)", "exponent", {"digits": 960}),
    ("log(sinh(x) / x)", "exponent", {"digits": 960}),
    ("tanh(x) - tanh(y)", "exponent", {"y": "near", "digits": 960}),
    ("sigmoid(x) - sigmoid(y)", "exponent", {"y": "near", "digits": 960}),
    # logarithms and gamma functions of large numbers
    ("lgamma(x + 1) - lgamma(x)", "positive", {"digits": 960}),
    ("lgamma((x + 1) / 2) - lgamma(x / 2)", "positive", {"digits": 960}),
    ("log(x) - digamma(x)", "positive", {"digits": 960}),
    ("digamma(x + 1) - digamma(x)", "positive", {"digits": 960}),
    ("(1 + x) * log(1 + x) - x * log(x)", "positive", {"digits": 960}),
    # functions of a quotient, and of roots
    ("(x - y) / log(x / y)", "positive", {"y": "same", "low": -100, "high": 100, "digits": 960}),
    ("(sqrt(x) - 1) / (x - 1)", "positive", {"digits": 960}),
]

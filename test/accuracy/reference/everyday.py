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
]

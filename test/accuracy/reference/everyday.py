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
    # powers of a sum of squares, and of a quotient
    ("x / (x^2 + y^2)", "line", {"y": "same", "digits": 960}),
    ("(x^2 - y^2) / (x^2 + y^2)", "line", {"y": "same", "digits": 960}),
    ("x * y / (x^2 + y^2)", "line", {"y": "same", "digits": 960}),
    ("log(x^2 + y^2)", "line", {"y": "same", "digits": 960}),
    ("sqrt(1 + x^2 + y^2)", "line", {"y": "same", "digits": 960}),
    ("1 / (1 + x^2 + y^2)", "line", {"y": "same", "digits": 960}),
    ("hypot(x, y)", "line", {"y": "same", "digits": 960}),
    ("atan(y / x)", "line", {"y": "same", "digits": 960}),
    ("exp(-y / x)", "positive", {"y": "same", "digits": 960}),
    ("log(x / y) + y^2 / (2 * x^2) - 0.5", "positive", {"y": "same", "digits": 960}),
    # next to points at which roots and moduli are no series
    ("acos(x) / sqrt(1 - x^2)", "unit", {"digits": 960}),
    ("asin(sqrt(x)) / sqrt(x * (1 - x))", "probability", {"digits": 960}),
    ("1 - exp(x) * erfc(sqrt(x))", "positive", {"high": 5, "digits": 960}),
    ("sqrt(sqrt(1 + x^2) - 1)", "line", {"digits": 960}),
    ("abs(x) - log(1 + abs(x))", "line", {"digits": 960}),
    ("0.5 + atan(x) / pi", "line", {"digits": 960}),
    ("log((1 + sqrt(1 + x^2)) / x)", "positive", {"digits": 960}),
    # gamma functions next to the zeros of lgamma, and differences of them: beta functions, binomial coefficients
    ("lgamma(1 + x)", "positive", {"digits": 480, "low": -30, "high": 30, "also": [-0.5, -1e-3, -1e-10]}),
    ("lgamma(2 + x)", "unit", {"digits": 480, "low": -30}),
    ("lgamma(x) + lgamma(y) - lgamma(x + y)", "positive", {"y": "same", "digits": 480, "low": -20, "high": 20}),
    ("lgamma(x + 1) - lgamma(y + 1) - lgamma(x - y + 1)", "above 1", {"y": "few", "digits": 480, "high": 12}),
    ("digamma(x + y) - digamma(x)", "positive", {"y": "same", "digits": 480, "low": -20, "high": 20}),
    # powers next to e
    ("(1 + x)^(1 / x)", "positive", {"digits": 480}),
    # high powers of what is next to a number: compound interest
    ("(1 + x / 12)^360", "unit", {"digits": 480}),
    ("(1 - x)^100", "unit", {"digits": 480}),
    # differences by a step
    ("log(x + y) - log(x)", "positive", {"y": "same", "digits": 480, "low": -60, "high": 60}),
    ("sqrt(x + y) - sqrt(x)", "positive", {"y": "same", "digits": 480, "low": -60, "high": 60}),
    ("1 / (x + y) - 1 / x", "positive", {"y": "same", "digits": 480, "low": -60, "high": 60}),
    ("sin(x + y) - sin(x)", "angle", {"y": "same", "digits": 480}),
    # a normal variable that is known to be negative
    ("x + normal_pdf(x) / normal_cdf(x)", "bell", {"digits": 960}),
    # slopes beside their limits
    ("softplus(x) - max(x, 0)", "exponent", {"digits": 960}),
    ("x * erf(x) - abs(x)", "bell", {"digits": 960}),
    ("x * normal_cdf(x) - relu(x)", "bell", {"digits": 960}),
    # quotients by a sum of two exponentials
    ("exp(x) / (exp(x) + exp(y)) * exp(y) / (exp(x) + exp(y))", "exponent", {"y": "near", "digits": 960}),
    # powers of two numbers next to 1: the transform of Box and Cox, annuities
    ("(x^y - 1) / y", "probability", {"y": "power", "low": -12, "digits": 960}),
    ("(y^x - 1) / x", "exponent", {"y": "base"}),
    # next to zeros of polynomials, and of exponents: a rate of Hodgkin and Huxley
    ("0.1 * (x + 40) / (1 - exp(-(x + 40) / 10))", "exponent", {"around": [-40.0], "digits": 960}),
    ("(x - 1) / (x^3 - 1)", "line", {"digits": 960, "around": [1.0]}),
    ("x^3 - 3 * x^2 + 3 * x - 1", "line", {"digits": 960, "around": [1.0]}),
    # numbers next to each other
    ("log(x) - log(y)", "positive", {"y": "nearby", "digits": 960}),
    # divided by a product whose other factor is 0
    ("expm1(x * y) / x", "exponent", {"y": "label", "digits": 960}),
    # sums whose terms overflow: enzymes, growth, weights
    ("x^2 / (y + x^2)", "line", {"y": "same", "low": -140, "digits": 960}),
    ("x^4 / (y^4 + x^4)", "positive", {"y": "same", "digits": 960}),
    ("log1p(x^2 / y)", "line", {"y": "same", "high": 150, "digits": 960}),
    # divergences of what is nearly the same; the entropy of a spin; a quantile of Cauchy
    ("x * log(x / y) + (1 - x) * log((1 - x) / (1 - y))", "probability", {"y": "nearby probability", "digits": 960}),
    ("x * log(2 * x / (x + y)) + y * log(2 * y / (x + y))", "positive", {"y": "nearby", "low": -100, "high": 100, "digits": 960}),
    ("log(2 * cosh(x)) - x * tanh(x)", "exponent", {"digits": 960}),
    ("tan(pi * (x - 0.5))", "probability", {"digits": 960}),
    # what vanishes where other factors overflow: bell curves, survival, hazards
    ("x^2 * exp(-x^2)", "line", {"digits": 960}),
    ("exp(-x^2 / 2)", "line", {"digits": 960}),
    ("exp(-1 / x^2)", "line", {"digits": 960}),
    ("exp(-x^4)", "line", {"digits": 960}),
    ("tanh(x^3)", "line", {"digits": 960}),
    ("x^3 / (exp(x) - 1)", "line", {"digits": 960}),
    ("1 - exp(-exp(x))", "exponent", {"digits": 960}),
    ("1 - exp(-(x / 2)^1.5)", "positive", {"digits": 960}),
    ("1 - exp(-0.1 * (exp(x) - 1))", "exponent", {"digits": 960}),
    ("exp(-x^2) / (1 + x^2)", "line", {"digits": 960}),
    # divided differences: what is absorbed and eliminated at nearly the same rate, means, annuities
    ("(log(x) - log(y)) / (x - y)", "positive", {"y": "nearby", "low": -60, "high": 60, "digits": 960}),
    ("(sqrt(x) - sqrt(y)) / (x - y)", "positive", {"y": "nearby", "low": -60, "high": 60, "digits": 960}),
    ("(x^5 - y^5) / (x - y)", "line", {"y": "nearby", "low": -20, "high": 20, "digits": 960}),
    ("(1 / x - 1 / y) / (x - y)", "positive", {"y": "nearby", "low": -60, "high": 60, "digits": 960}),
    ("y / (y - x) * (exp(-x) - exp(-y))", "positive", {"y": "nearby", "low": -8, "high": 3, "digits": 960}),
    ("(exp(-2 * x) - exp(-2 * y)) / (y - x)", "positive", {"y": "nearby", "low": -8, "high": 3, "digits": 960}),
    ("(1 - (1 + x)^-y) / x", "unit", {"y": "years", "digits": 960}),
    # a square that overflows beside another number; a zero of a polynomial that is 0 at 0 too
    ("log(x^2 + y)", "line", {"y": "same", "low": -60, "digits": 960}),
    ("sqrt(x^2 + y)", "line", {"y": "same", "low": -60, "digits": 960}),
    ("(sqrt(x^2 + 4 * y) + x) / 2", "line", {"y": "same", "low": -60, "digits": 960}),
    ("x^4 - 2 * x^3 + x^2", "line", {"around": [1.0], "digits": 960}),
    # yields by their maturity
    ("(1 - exp(-x * y)) / x - y * exp(-x * y)", "exponent", {"y": "years", "digits": 960}),
]

"""Writes activations-precise.json beside it: the functions of activations.nn with their first and second derivatives,
computed by mpmath with 2,000 digits and rounded once. At kinks the values alone; what the derivatives are there is a
decision, and the test states it."""

import json
from pathlib import Path

from mpmath import diff, erf, exp, log, mp, mpf, pi, sqrt, tanh

mp.dps = 2000
HERE = Path(__file__).parent


def sigmoid(x):
    return 1 / (1 + exp(-x))


FUNCTIONS = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": lambda x: max(x, mpf(0)),
    "leaky_relu": lambda x: x if x > 0 else mpf("0.01") * x,
    "elu": lambda x: x if x > 0 else mpf("1.3") * (exp(x) - 1),
    "softplus": lambda x: log(1 + exp(x)),
    "silu": lambda x: x * sigmoid(x),
    "gelu": lambda x: x / 2 * (1 + erf(x / sqrt(mpf(2)))),
    "gelu_tanh": lambda x: x / 2 * (1 + tanh(sqrt(2 / pi) * (x + mpf("0.044715") * x**3))),
    "hard_sigmoid": lambda x: max(min(x / 4 + mpf("0.5"), mpf(1)), mpf(0)),
    "hard_tanh": lambda x: max(min(x, mpf(1)), mpf(-1)),
    "selu": lambda x: mpf("1.0507009873554805")
    * (x if x > 0 else mpf("1.6732632423543772") * (exp(x) - 1)),
    "softsign": lambda x: x / (1 + abs(x)),
    "mish": lambda x: x * tanh(log(1 + exp(x))),
    "log_sigmoid": lambda x: log(sigmoid(x)),
    "swish": lambda x: x * sigmoid(mpf("1.7") * x),
}


def number(x):
    value = float(x)
    return json.dumps(int(value) if value.is_integer() and abs(value) < 1e15 else value)


def derivative(function, x, order):
    """From one side where the function is made of pieces: no point of the list is close to a kink but on it."""
    return diff(function, x, order, direction=1)


def row(function, x, kink):
    at = mpf(x)
    values = [number(at), number(function(at))]
    values += ["null", "null"] if kink else [number(derivative(function, at, order)) for order in (1, 2)]
    return f"[{', '.join(values)}]"


rows = json.loads((HERE / "activations.json").read_text())["functions"]
parts = [
    f'  "{name}": [\n' + ",\n".join(f"    {row(FUNCTIONS[name], line[0], line[4])}" for line in entry["rows"]) + "\n  ]"
    for name, entry in rows.items()
]
(HERE / "activations-precise.json").write_text("{\n" + ",\n".join(parts) + "\n}\n")

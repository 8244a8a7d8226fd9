"""Code that runs on arrays, on tensors, in a graph and on symbolic tensors.

The same function may meet four kinds of input in Keras:

* a numpy array: it has values,
* an eager tensor, such as `tf.constant([1.0, 2.0])`: it has values too,
* a tensor inside a `tf.function`, which is how `fit` and `predict` run: TensorFlow runs your Python code
  once to write down the operations (the graph), before there are any values. An axis may have a length that
  is not known yet; then `x.shape` says None for it,
* a symbolic Keras tensor, such as `keras.Input((3,))`, from which a functional model is built: a shape and a
  dtype, and nothing else.

numpy needs values, so it can't work with the last two. TensorFlow's own functions (`tf.square` and so on)
refuse the last. The operations of `keras.ops` work with all four; and they work whichever library calculates
underneath, the backend. Python's `if` and `for` need values, or a known length, as well: for the last two
kinds, write what is to be done to a whole tensor at once, not to one row after the other. To insert an axis
of length 1, write `x[:, None]` or use `keras.ops.expand_dims`; a None alone, as in `x[None]`, is something
that a symbolic Keras tensor does not understand.

**Squared distances.** x holds n points and y holds m points of d coordinates each. The squared distance of
point i of x to point j of y is the sum over the coordinates k

    D[i, j] = (x[i, 1] - y[j, 1])^2 + ... + (x[i, d] - y[j, d])^2

Example: x = [[0, 0], [3, 4]] and y = [[0, 0], [3, 0], [0, 1]] give

    D = [[ 0,  9,  1],
         [25, 16, 18]]

No square root is taken: the distance itself, 5 for the first point of y and the second of x, is not asked.
Multiplied out, one term is x^2 - 2 x y + y^2, which allows to use one matrix product for all pairs. Mind that
it subtracts numbers that are almost equal where two points are close: then the rounding of float32 may leave
a result such as -0.0000001. A squared distance is never negative, and yours must not be either.

**Vectors of length 1.** The length of a vector v is |v| = sqrt(v[1]^2 + ... + v[d]^2). v divided by |v| points
in the same direction and has the length 1. For the zero vector that is 0 / 0, which is not a number (NaN) and
spoils all that is calculated from it. So the length is not allowed to be less than a tiny eps:

    v / max(|v|, eps)

Example: [3, 4] becomes [0.6, 0.8], and [0, 0] stays [0, 0]. With eps = 1e-12 it makes no difference to others
whether the length, or its square, is kept from being less than eps: both are right.

**Backends.** Notes on Keras often say that it runs on TensorFlow, Theano and CNTK. This was so in Keras 2, up
to version 2.3; the development of Theano ended in 2017 and that of CNTK in 2019. Keras 3 was written anew. On
which libraries can it train models? The start page of its documentation says so, and Keras itself does when
you set the environment variable KERAS_BACKEND to a name and import it.

It builds on module1/custom_dense_layer, where a layer worked out its result from weights and input.
"""

import keras


def pairwise_sq_distance(x, y):
    """The squared distance of each point of x to each point of y.

    Args:
        x: (n, d) float32, a numpy array or any of the tensors above; n may be unknown.
        y: (m, d) float32, of the same kind; m may be unknown.

    Returns:
        (n, m) float32, all at least 0.
    """
    raise NotImplementedError


def l2_normalize(x, eps: float = 1e-12):
    """Divide each vector by its length.

    Args:
        x: (..., d) float32 of rank 1 or more, a numpy array or any of the tensors above; the vectors are on
            the last axis, and the lengths of the axes before it may be unknown.
        eps: least length that is divided by. It is left at its default here.

    Returns:
        (..., d) float32, vectors of length 1. A zero vector stays zero.
    """
    raise NotImplementedError


def keras3_backends(names: list[str]) -> list[str]:
    """Tell on which of some libraries Keras 3 can train models.

    Args:
        names: different ones of "tensorflow", "jax", "torch" (which is PyTorch), "theano", "cntk" and
            "mxnet", in any order; there may be none.

    Returns:
        Those of the names that are a backend of Keras 3 for training, in the order in which they came.
    """
    raise NotImplementedError

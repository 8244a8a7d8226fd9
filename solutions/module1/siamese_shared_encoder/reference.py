"""One encoder applied to two inputs.

Are these two scans from the same patient? A classifier that knows each patient can't say it of a new one. A
siamese network can: an encoder turns each scan into a short vector, its code, and the distance between two
codes says how unlike the scans are. It is trained on pairs, as in "Dimensionality Reduction by Learning an
Invariant Mapping" (Hadsell, Chopra and LeCun, 2006).

Both scans go through the same encoder: one set of weights, used twice. With two encoders, even equal scans
would get different codes. In Keras, sharing is simple: a layer or model is called at two places. Each call uses
the same weights, and in training both places contribute to their gradient.

The encoder has two dense layers, for an input x with n_inputs features:

    code = Dense2(relu(Dense1(x)))

Dense1 has `hidden` units, Dense2 has `dim` units and no activation. relu(z) = max(z, 0). There is nothing else in it,
no dropout either: it computes the same in training as at inference.

The siamese model takes a and b, one pair of inputs in each row, and gives for each pair the Euclidean distance

    distance = sqrt(max(s, 1e-12))     s = sum over the dim features of (code of a - code of b)^2

Why not the root of s itself? The slope of sqrt(s) is 1 / (2 sqrt(s)), which is infinite at s = 0. For a pair of
equal inputs, the chain rule multiplies that by 0, and infinity times 0 is NaN ("not a number"). One such pair in a
batch turns all weights into NaN. The max keeps away from 0: there the slope is 0. (To add 1e-12 under the root
does the same, and is accepted.) A larger number would show: two equal inputs have a distance of 0.000001 here.

Example with dim = 2: the codes [1, 5] and [4, 1] have s = 9 + 16 = 25, and the distance 5.

The contrastive loss says what distances should be. For one pair, with same = 1 for two scans of one patient and
same = 0 for scans of two patients:

    loss = same * d^2 + (1 - same) * max(0, margin - d)^2

d is the pair's distance. Same pairs are pulled together. Different pairs are pushed apart, but only until they are
`margin` away from each other; then they cost nothing. The loss of a batch is the mean over its pairs. (Some papers
have a factor of one half in front, or the opposite meaning of the label. Here it is as above.)

Example with margin 2: a same pair at d = 3 costs 9, a different pair at d = 0.5 costs 1.5^2 = 2.25, a different
pair at d = 5 costs nothing. The mean is 11.25 / 3 = 3.75.

What is asked:

* `build_siamese` works with any encoder that is handed in, whatever it is made of; it uses that encoder, makes no
  copy of it, and adds no weights of its own.
* The model lists the encoder's weights as its own (`model.trainable_weights`), so that to train the model is to
  train the encoder.
* It takes batches of any size, 1 included. It is called with a list of two arrays, `model([a, b])`.
* Its output for two equal inputs has a gradient without NaN.
* `contrastive_loss` gets plain arrays here, and its result is one number. Training is not asked.

A dense layer of your own keeps its kernel as Keras's does: from d to u features, in the shape (d, u).

It builds on module1/functional_graph, where layers were called on tensors and joined to a model.
"""

import keras


def build_encoder(n_inputs: int, hidden: int, dim: int) -> keras.Model:
    """Build an encoder of two dense layers.

    Args:
        n_inputs: number of input features, at least 1.
        hidden: number of units of the first layer, with ReLU.
        dim: number of features of the code; units of the second layer, without activation.

    Returns:
        A model that maps (B, n_inputs) float32 to (B, dim) float32; B is the batch size.
    """
    inputs = keras.Input((n_inputs,))
    h = keras.layers.Dense(hidden, activation="relu")(inputs)  # (B, hidden)
    return keras.Model(inputs, keras.layers.Dense(dim)(h))


def build_siamese(encoder: keras.Model, n_inputs: int) -> keras.Model:
    """Build the model that compares two inputs by the distance of their codes.

    Args:
        encoder: a Keras model that maps (B, n_inputs) to (B, dim); used for both inputs.
        n_inputs: number of features of each input.

    Returns:
        A model that maps a list of two arrays, both (B, n_inputs) float32, to distances, (B, 1) float32.
    """
    a, b = keras.Input((n_inputs,)), keras.Input((n_inputs,))
    squares = (encoder(a) - encoder(b)) ** 2  # (B, dim)
    s = keras.ops.sum(squares, axis=-1, keepdims=True)  # (B, 1)
    return keras.Model([a, b], keras.ops.sqrt(keras.ops.maximum(s, 1e-12)))


def contrastive_loss(same, distance, margin: float) -> float:
    """Measure how well distances fit the labels of their pairs.

    Args:
        same: (B,) float32, 1 for a pair of one kind, 0 for a pair of two.
        distance: (B,) float32, 0 or more.
        margin: how far apart pairs of two kinds should be, greater than 0.

    Returns:
        The mean over the pairs, a number.
    """
    gap = keras.ops.maximum(0, margin - distance)
    return keras.ops.mean(same * distance**2 + (1 - same) * gap**2)

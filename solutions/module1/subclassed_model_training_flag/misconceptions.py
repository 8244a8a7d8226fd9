"""Known mistakes in a model that has two modes."""

import keras

from keras_kata import instead_of

from .reference import RegularizedClassifier

layers = keras.layers


@instead_of("RegularizedClassifier")
class training_hard_coded_true(RegularizedClassifier):
    """Your layers are always in training mode, whatever the caller says. Predictions are noisy, depend on who else is
    in the batch, and each one moves the moving averages."""

    def call(self, x, training=None):
        return super().call(x, training=True)


@instead_of("RegularizedClassifier")
class training_hard_coded_false(RegularizedClassifier):
    """Your layers are always in inference mode, whatever the caller says. So dropout never acts, and batch
    normalisation never learns its moving averages."""

    def call(self, x, training=None):
        return super().call(x, training=False)


@instead_of("RegularizedClassifier")
class training_by_default(RegularizedClassifier):
    """A call that says nothing of `training` runs in training mode in your model. Who just calls a model wants a
    prediction."""

    def call(self, x, training=True):
        return super().call(x, training=True if training is None else training)


@instead_of("RegularizedClassifier")
class flag_reversed(RegularizedClassifier):
    """Your model has the modes the wrong way round: it drops at inference, and not in training."""

    def call(self, x, training=None):
        return super().call(x, training=not training)


@instead_of("RegularizedClassifier")
class dropout_always_on(RegularizedClassifier):
    """Your dropout does not get the flag of the caller: it acts at inference, too, so that predictions are noisy."""

    def call(self, x, training=None):
        h = self.normalisation(self.hidden(x), training=training)
        return self.scores(self.dropout(h, training=True))


@instead_of("RegularizedClassifier")
class dropout_never(RegularizedClassifier):
    """Your model never drops anything, not even in training: the dropout is missing, or is always in inference mode."""

    def call(self, x, training=None):
        return self.scores(self.normalisation(self.hidden(x), training=training))


@instead_of("RegularizedClassifier")
class dropout_not_made_up_for(RegularizedClassifier):
    """You set numbers to 0 and leave the others as they are, so that in training less arrives at the last layer than at
    inference. What is left has to make up for what was dropped."""

    def call(self, x, training=None):
        h = self.normalisation(self.hidden(x), training=training)
        dropped = self.dropout(h, training=training)
        return self.scores(dropped * (1 - self.dropout.rate) if training else dropped)


@instead_of("RegularizedClassifier")
class normalisation_fixed(RegularizedClassifier):
    """Your batch normalisation is always in inference mode. In training it should use the batch's own mean and
    variance, and keep their moving averages."""

    def call(self, x, training=None):
        h = self.normalisation(self.hidden(x), training=False)
        return self.scores(self.dropout(h, training=training))


@instead_of("RegularizedClassifier")
class dropout_on_logits(RegularizedClassifier):
    """You drop the scores of classes. Dropout belongs between the hidden units and the last layer; a class whose score
    is set to 0 is just wrong."""

    def call(self, x, training=None):
        h = self.normalisation(self.hidden(x), training=training)
        return self.dropout(self.scores(h), training=training)


@instead_of("RegularizedClassifier")
class dropout_before_normalisation(RegularizedClassifier):
    """You drop before the normalisation, so that the zeros of dropout become part of the means and variances. Here
    dropout comes after it."""

    def call(self, x, training=None):
        h = self.dropout(self.hidden(x), training=training)
        return self.scores(self.normalisation(h, training=training))


@instead_of("RegularizedClassifier")
class softmax_in_call(RegularizedClassifier):
    """Your model gives probabilities. Logits were asked for: a loss that expects them would apply the softmax a second
    time."""

    def call(self, x, training=None):
        return keras.ops.softmax(super().call(x, training=training))


@instead_of("RegularizedClassifier")
class layers_made_in_call(keras.Model):
    """You make the layers inside `call`. Keras refuses new layers once a model has been called, and they would start
    with new weights every time; make them once, when the model is made."""

    def __init__(self, n_hidden, n_classes, drop_rate):
        super().__init__()
        self.sizes = n_hidden, n_classes, drop_rate

    def call(self, x, training=None):
        n_hidden, n_classes, drop_rate = self.sizes
        self.hidden = layers.Dense(n_hidden, activation="relu")
        self.normalisation = layers.BatchNormalization()
        self.scores = layers.Dense(n_classes)
        h = self.normalisation(self.hidden(x), training=training)
        return self.scores(layers.Dropout(drop_rate)(h, training=training))


@instead_of("RegularizedClassifier")
class layers_local_to_call(keras.Model):
    """The layers are local variables of your `call`: each call makes new ones with new random weights. The model
    has nothing that could be trained or saved."""

    def __init__(self, n_hidden, n_classes, drop_rate):
        super().__init__()
        self.sizes = n_hidden, n_classes, drop_rate

    def call(self, x, training=None):
        n_hidden, n_classes, drop_rate = self.sizes
        h = layers.BatchNormalization()(layers.Dense(n_hidden, activation="relu")(x), training=training)
        return layers.Dense(n_classes)(layers.Dropout(drop_rate)(h, training=training))


@instead_of("RegularizedClassifier")
class batchnorm_left_out(RegularizedClassifier):
    """The batch normalisation is missing: your hidden numbers go straight into the dropout."""

    def call(self, x, training=None):
        return self.scores(self.dropout(self.hidden(x), training=training))


@instead_of("RegularizedClassifier")
class hidden_without_activation(RegularizedClassifier):
    """There is no ReLU in your model. Without one, all its layers together can do no more at inference than a single
    dense layer."""

    def __init__(self, n_hidden, n_classes, drop_rate):
        super().__init__(n_hidden, n_classes, drop_rate)
        self.hidden = layers.Dense(n_hidden)


@instead_of("RegularizedClassifier")
class activation_after_normalisation(RegularizedClassifier):
    """You normalise before the ReLU. Many networks do, but in this one the ReLU belongs to the hidden layer, and its
    results are what is normalised."""

    def __init__(self, n_hidden, n_classes, drop_rate):
        super().__init__(n_hidden, n_classes, drop_rate)
        self.hidden = layers.Dense(n_hidden)

    def call(self, x, training=None):
        h = keras.ops.relu(self.normalisation(self.hidden(x), training=training))
        return self.scores(self.dropout(h, training=training))


@instead_of("RegularizedClassifier")
class new_dropout_rate(RegularizedClassifier):
    """You take the rate for the share that is kept. In Keras, and here, it is the share that is dropped."""

    def __init__(self, n_hidden, n_classes, drop_rate):
        super().__init__(n_hidden, n_classes, 1 - drop_rate)


@instead_of("RegularizedClassifier")
class keeps_the_share_to_drop(RegularizedClassifier):
    """Your dropout keeps each number with probability drop_rate, and sets the others to 0. The rate is the share that
    is dropped; what is left makes up for just that."""

    def call(self, x, training=None):
        h = self.normalisation(self.hidden(x), training=training)
        if training:
            rate = self.dropout.rate
            kept = keras.random.uniform(keras.ops.shape(h)) < rate if rate else keras.ops.ones_like(h)
            h = h * keras.ops.cast(kept, h.dtype) / (1 - rate)
        return self.scores(h)


@instead_of("RegularizedClassifier")
class mode_remembered(RegularizedClassifier):
    """A call that says nothing of `training` runs in the mode of the call before it. Your model should not remember
    the mode: without the argument it is inference, also right after training."""

    mode = False

    def call(self, x, training=None):
        if training is not None:
            self.mode = training
        return super().call(x, training=self.mode)

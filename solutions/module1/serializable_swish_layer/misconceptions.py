"""Known mistakes in writing a layer that can be saved."""

import keras

from keras_kata import instead_of

from .reference import LearnableSwish

registered = keras.saving.register_keras_serializable()


@registered
@instead_of("LearnableSwish")
class beta_constant(LearnableSwish):
    """Your beta is a plain number and not a weight of the layer. Keras trains and saves only weights, so this
    one stays as it was at the start."""

    def build(self, input_shape):
        self.beta = self.beta_init


@registered
@instead_of("LearnableSwish")
class beta_not_trainable(LearnableSwish):
    """You made beta a weight that is not trainable: it is saved, but never learned."""

    def build(self, input_shape):
        super().build(input_shape)
        self.beta.trainable = False


@registered
@instead_of("LearnableSwish")
class beta_per_pixel(LearnableSwish):
    """You give beta the shape of a whole example. For an image that is one beta per pixel and channel, and the
    layer is tied to one size of image; a beta belongs to a channel, wherever it is."""

    def build(self, input_shape):
        shape = () if self.shared else input_shape[1:]
        self.beta = self.add_weight(shape=shape, initializer=keras.initializers.Constant(self.beta_init))


@registered
@instead_of("LearnableSwish")
class shared_ignored(LearnableSwish):
    """You make one beta per channel even when a single one for all channels was asked for."""

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.beta = self.add_weight(shape=shape, initializer=keras.initializers.Constant(self.beta_init))


@registered
@instead_of("LearnableSwish")
class always_shared(LearnableSwish):
    """You make one beta for the whole layer even when none was asked to be shared. Each channel has its own."""

    def build(self, input_shape):
        self.beta = self.add_weight(shape=(), initializer=keras.initializers.Constant(self.beta_init))


@registered
@instead_of("LearnableSwish")
class shared_beta_has_an_axis(LearnableSwish):
    """Your shared beta is an array that holds one number, of shape (1,). A single number has the shape ()."""

    def build(self, input_shape):
        shape = (1,) if self.shared else (input_shape[-1],)
        self.beta = self.add_weight(shape=shape, initializer=keras.initializers.Constant(self.beta_init))


@registered
@instead_of("LearnableSwish")
class starts_at_one(LearnableSwish):
    """Your beta starts at 1 whatever start value was asked for."""

    def build(self, input_shape):
        super().build(input_shape)
        self.beta.assign(keras.ops.ones_like(self.beta))


@registered
@instead_of("LearnableSwish")
class gate_without_x(LearnableSwish):
    """You return the gate alone. Swish is the input times its gate; the gate says which share of the input
    passes."""

    def call(self, x):
        return keras.ops.sigmoid(self.beta * x)


@registered
@instead_of("LearnableSwish")
class beta_not_used(LearnableSwish):
    """You have a beta, but the output does not depend on it. It belongs inside the sigmoid, where it multiplies
    x."""

    def call(self, x):
        return x * keras.ops.sigmoid(x)


@registered
@instead_of("LearnableSwish")
class beta_outside_sigmoid(LearnableSwish):
    """You multiply the result by beta. That only makes the output larger; beta belongs inside the sigmoid,
    where it says how sharply the gate opens."""

    def call(self, x):
        return self.beta * x * keras.ops.sigmoid(x)


@registered
@instead_of("LearnableSwish")
class sigmoid_written_out(LearnableSwish):
    """You write the sigmoid out with an exponential. For large negative inputs it overflows; the output may
    look right, but its derivative is not a number, and one such step ruins all weights."""

    def call(self, x):
        return x / (1 + keras.ops.exp(-self.beta * x))


@registered
@instead_of("LearnableSwish")
class config_own_args_missing(LearnableSwish):
    """Your config holds only what the parent class keeps. A copy that is made of it falls back to the default
    settings."""

    def get_config(self):
        return super(LearnableSwish, self).get_config()


@registered
@instead_of("LearnableSwish")
class config_base_missing(LearnableSwish):
    """Your config holds only your own settings. What the parent class keeps, such as the layer's name, is
    lost."""

    def get_config(self):
        return {"beta_init": self.beta_init, "shared": self.shared}


@registered
@instead_of("LearnableSwish")
class config_shared_missing(LearnableSwish):
    """Your config leaves out whether beta is shared, so a copy that is made of it falls back to the default."""

    def get_config(self):
        return {**super(LearnableSwish, self).get_config(), "beta_init": self.beta_init}


@registered
@instead_of("LearnableSwish")
class weights_in_config(LearnableSwish):
    """You put beta itself into the config. The config describes how to make the layer; what has been learned is
    kept apart, and comes back with the weights."""

    def get_config(self):
        config = {**super().get_config(), "beta_init": self.beta_init, "shared": self.shared}
        return {**config, "beta": self.beta.numpy().tolist()}


@instead_of("LearnableSwish")
class not_registered(LearnableSwish):
    """You did not register the class with Keras. The file names it, but whoever loads the file can't find
    it."""


@instead_of("save_and_reload")
def weights_forgotten(model, path):
    """You make the new model from the config alone: it has the layers, but its weights are those of the start,
    and nothing comes from the file."""
    model.save(path)
    return type(model).from_config(model.get_config())


@instead_of("save_and_reload")
def same_model_returned(model, path):
    """You return the model that you were given. That says nothing about the file: load the model from it."""
    model.save(path)
    return model

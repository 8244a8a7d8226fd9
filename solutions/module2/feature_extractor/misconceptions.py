"""Known mistakes in looking inside a network."""

import keras
import numpy as np

from keras_kata import instead_of


def _layers(model):
    return [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]


def _outputs(base, images, batch_size, training=False):
    starts = range(0, len(images), batch_size)
    return [np.asarray(base(images[start : start + batch_size], training=training)) for start in starts]


def _pooled(features):
    return features.mean(axis=(1, 2)) if features.ndim == 4 else features


@instead_of("activation_model")
def last_layer_only(model):
    """Your model gives the last output only, which the network gave before. The outputs of all layers are
    asked."""
    return keras.Model(model.inputs, [model.layers[-1].output])


@instead_of("activation_model")
def input_included(model):
    """Your list begins with the image itself. What the network is fed through is not a layer here."""
    return keras.Model(model.inputs, [model.inputs[0], *(layer.output for layer in _layers(model))])


@instead_of("activation_model")
def input_layer_included(model):
    """You take all of `model.layers`. In a functional model the first of them is the input layer, whose output
    is the image itself."""
    return keras.Model(model.inputs, [layer.output for layer in model.layers])


@instead_of("activation_model")
def first_layer_left_out(model):
    """You skip the first of `model.layers` as the input layer. A Sequential model does not list one, so there
    you lose a real layer."""
    return keras.Model(model.inputs, [layer.output for layer in model.layers[1:]])


@instead_of("activation_model")
def last_layer_left_out(model):
    """You leave the last layer out. Its output belongs to the list, too."""
    return keras.Model(model.inputs, [layer.output for layer in _layers(model)[:-1] or _layers(model)])


@instead_of("activation_model")
def cloned_weights(model):
    """You build the layers anew, with fresh random weights. The activations asked for are those of the network
    you were given."""
    clone = keras.models.clone_model(model)
    return keras.Model(clone.inputs, [layer.output for layer in _layers(clone)])


@instead_of("activation_model")
def weights_copied_once(model):
    """You copy the network with its present weights. When the network is trained further, your copy stays as
    it was: use the network's own layers."""
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    return keras.Model(clone.inputs, [layer.output for layer in _layers(clone)])


@instead_of("activation_model")
def sequential_input_attribute(model):
    """You use the attribute `input`, which a Sequential model has only after it was called. `inputs` is there
    from the beginning."""
    return keras.Model(model.input, [layer.output for layer in _layers(model)])


@instead_of("activation_model")
def chained_layers(model):
    """You send the image through the layers one after the other. That is right for a chain only; here a layer
    may take the outputs of two others."""
    x, outputs = model.inputs[0], []
    for layer in _layers(model):
        x = layer([x, x] if isinstance(layer, keras.layers.Add) else x)
        outputs.append(x)
    return keras.Model(model.inputs, outputs)


@instead_of("activation_model")
def layers_with_weights_only(model):
    """You leave out layers without weights, such as pooling. They have outputs as well."""
    return keras.Model(model.inputs, [layer.output for layer in _layers(model) if layer.weights])


@instead_of("activation_model")
def from_the_end(model):
    """You list the layers from the last to the first."""
    return keras.Model(model.inputs, [layer.output for layer in _layers(model)][::-1])


@instead_of("extract_features")
def training_mode_features(base, images, batch_size):
    """You run the network in training mode: batch normalisation then uses the batch's own statistics, and
    dropout drops features at random. Features are computed in inference mode."""
    return _pooled(np.concatenate(_outputs(base, images, batch_size, training=True)))


@instead_of("extract_features")
def last_batch_lost(base, images, batch_size):
    """You drop the images at the end that do not fill a batch. Every image needs its row."""
    full = max(len(images) // batch_size * batch_size, 1)
    return _pooled(np.concatenate(_outputs(base, images[:full], batch_size)))


@instead_of("extract_features")
def first_batch_only(base, images, batch_size):
    """You compute the features of the first batch only."""
    return _pooled(_outputs(base, images[:batch_size], batch_size)[0])


@instead_of("extract_features")
def last_batch_filled_up(base, images, batch_size):
    """You fill the last batch up to the full size, and keep the rows of what you put in. There must be one row
    for each image."""
    padded = images[np.arange(-(-len(images) // batch_size) * batch_size) % len(images)]
    return _pooled(np.concatenate(_outputs(base, padded, batch_size)))


@instead_of("extract_features")
def flattened(base, images, batch_size):
    """You lay the whole feature map out in one row. The average over the positions is asked: one number for
    each channel."""
    return np.concatenate(_outputs(base, images, batch_size)).reshape(len(images), -1)


@instead_of("extract_features")
def map_not_pooled(base, images, batch_size):
    """You return the feature map as it is. Its average over the positions is asked."""
    return np.concatenate(_outputs(base, images, batch_size))


@instead_of("extract_features")
def pooled_by_maximum(base, images, batch_size):
    """You take the largest value over the positions; the average is asked."""
    features = np.concatenate(_outputs(base, images, batch_size))
    return features.max(axis=(1, 2)) if features.ndim == 4 else features


@instead_of("extract_features")
def summed_over_positions(base, images, batch_size):
    """You add up the values of all positions without dividing by how many there are."""
    features = np.concatenate(_outputs(base, images, batch_size))
    return features.sum(axis=(1, 2)) if features.ndim == 4 else features


@instead_of("extract_features")
def channels_taken_for_positions(base, images, batch_size):
    """You average over the last two axes, as if channels came first. Here the channels are the last axis, and
    they are the features."""
    features = np.concatenate(_outputs(base, images, batch_size))
    return features.mean(axis=(2, 3)) if features.ndim == 4 else features


@instead_of("extract_features")
def flat_output_averaged(base, images, batch_size):
    """You average also where the network gives rows already, and so melt all features of an image into one
    number."""
    features = np.concatenate(_outputs(base, images, batch_size))
    return features.mean(axis=(1, 2)) if features.ndim == 4 else features.mean(axis=1, keepdims=True)


@instead_of("extract_features")
def single_image_squeezed(base, images, batch_size):
    """For a single image you lose the first axis. One image gives one row: the shape is (1, d)."""
    return np.squeeze(_pooled(np.concatenate(_outputs(base, images, batch_size))))


@instead_of("extract_features")
def images_rescaled(base, images, batch_size):
    """You divide the images by 255 first. They are to be used as they are."""
    return _pooled(np.concatenate(_outputs(base, images / np.float32(255), batch_size)))


@instead_of("extract_features")
def averaged_over_the_batch(base, images, batch_size):
    """You average over the images of a batch as well, and so get one row for each batch."""
    return np.stack([_pooled(output).mean(axis=0) for output in _outputs(base, images, batch_size)])


@instead_of("extract_features")
def more_at_once(base, images, batch_size):
    """You send more images through the network at once than `batch_size`. With many images that does not fit
    into memory."""
    return _pooled(base.predict(images, verbose=0))

"""Other right ways to look inside a network."""

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("activation_model")
def by_name(model):
    """The layers by name; told from the input layer by whether they were given anything."""
    names = [layer.name for layer in model.layers if type(layer).__name__ != "InputLayer"]
    return keras.Model(inputs=model.inputs[0], outputs=[model.get_layer(name).output for name in names])


@instead_of("activation_model")
class walking_by_hand(keras.Model):
    """A subclass that runs the original graph, and keeps what each layer gives."""

    def __init__(self, model):
        super().__init__()
        self.original = model

    def call(self, x, training=False):
        seen = {}
        functional = getattr(self.original, "_functional", None) or self.original
        for operation in functional.operations:
            if isinstance(operation, keras.layers.InputLayer):
                seen[id(operation.output)] = x
                continue
            source = operation.input
            given = [seen[id(s)] for s in source] if isinstance(source, list) else seen[id(source)]
            takes_mode = isinstance(operation, keras.layers.BatchNormalization)
            options = {"training": training} if takes_mode else {}
            seen[id(operation.output)] = operation(given, **options)
        return [
            seen[id(layer.output)]
            for layer in self.original.layers
            if not isinstance(layer, keras.layers.InputLayer)
        ]


@instead_of("activation_model")
def tuple_of_outputs(model):
    """The outputs as a tuple; the new model is a nested call of another one."""
    layers = [layer for layer in model.layers if layer.output is not model.inputs[0]]
    inner = keras.Model(model.inputs, tuple(layer.output for layer in layers))
    inputs = keras.Input(model.inputs[0].shape[1:])
    return keras.Model(inputs, inner(inputs))


@instead_of("extract_features")
def by_predict(base, images, batch_size):
    """`predict`, then numpy."""
    outputs = base.predict(images, batch_size=batch_size, verbose=0)
    if outputs.ndim == 2:
        return outputs
    return outputs.reshape(len(outputs), -1, outputs.shape[-1]).mean(axis=1)


@instead_of("extract_features")
def tensors_from_a_data_set(base, images, batch_size):
    """A tf.data pipeline; pooled per batch by a Keras layer; a tensor is returned."""
    pool, rows = keras.layers.GlobalAveragePooling2D(), []
    for batch in tf.data.Dataset.from_tensor_slices(images).batch(batch_size):
        maps = base(batch, training=False)
        rows.append(pool(maps) if len(maps.shape) == 4 else maps)
    return tf.concat(rows, axis=0)


@instead_of("extract_features")
def image_by_image(base, images, batch_size):
    """One image after the other, filled into an array in double precision."""
    rows = None
    for number, image in enumerate(images):
        output = np.array(base(image[None]), "float64")[0]
        while output.ndim > 1:
            output = output.mean(axis=0)
        rows = np.zeros((len(images), len(output))) if rows is None else rows
        rows[number] = output
    return rows

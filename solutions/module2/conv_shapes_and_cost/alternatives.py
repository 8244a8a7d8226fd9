"""Other right answers, each in another style."""

import math

import numpy as np

from keras_kata import instead_of

from .reference import conv_output_size, pool_output_size
from .reference import stack_report as _stack_report


@instead_of("conv_output_size")
def windows_enumerated(n, kernel, stride=1, padding="valid", dilation=1):
    """Pads as Keras does, then counts the places where a whole window starts."""
    reach = dilation * (kernel - 1) + 1
    if padding == "same":
        n += max((math.ceil(n / stride) - 1) * stride + reach - n, 0)
    starts = [first for first in range(0, n, stride) if first + reach <= n]
    assert starts, "no window fits"
    return len(starts)


@instead_of("conv_output_size")
def numpy_floor_and_ceil(n, kernel, stride=1, padding="valid", dilation=1):
    """Numpy's rounding: the result is a float that is a whole number."""
    if padding.lower() == "same":
        return np.ceil(n / stride)
    size = np.floor((n - kernel - (kernel - 1) * (dilation - 1)) / stride) + 1
    if not size >= 1:
        raise ValueError(f"output size {size}")
    return size


@instead_of("conv_output_size")
def every_nth_position_kept(n, kernel, stride=1, padding="valid", dilation=1):
    """The output at stride 1, of which every stride-th is kept, as an integer of numpy."""
    dense = np.arange(n if padding == "same" else n - (kernel - 1) * dilation)
    if dense.size == 0:
        raise ValueError("the kernel is larger than the image")
    return np.int64(len(dense[::stride]))


@instead_of("pool_output_size")
def pooling_is_a_convolution(n, pool, stride=None, padding="valid"):
    """Calls the function for convolutions."""
    return conv_output_size(n, pool, stride or pool, padding)


@instead_of("pool_output_size")
def upside_down_floor_division(n, pool, stride=None, padding="valid"):
    """Rounding up by floor division of negative numbers."""
    stride = pool if stride is None else stride
    size = -(-(n if padding == "same" else n - pool + 1) // stride)
    if size <= 0:
        raise ValueError("empty output")
    return size


@instead_of("pool_output_size")
def windows_walked(n, pool, stride=None, padding="valid"):
    """A while loop from window to window."""
    first, count = 0, 0
    while first < n if padding == "same" else first + pool <= n:
        first, count = first + (stride or pool), count + 1
    if not count:
        raise ValueError("no window")
    return count


@instead_of("stack_report")
def one_loop_with_branches(input_shape, layers):
    """One loop, one branch a type; shapes are tuples of numpy integers."""
    shape, report = np.array(input_shape), []
    for layer in layers:
        params = macs = 0
        if layer["type"] == "conv":
            kernel, stride = np.array(layer["kernel"]), np.broadcast_to(layer["stride"], 2)
            sizes = [
                conv_output_size(int(n), int(k), int(s), layer["padding"])
                for n, k, s in zip(shape[:2], kernel, stride, strict=True)
            ]
            params = (kernel.prod() * shape[2] + layer["use_bias"]) * layer["filters"]
            macs = np.prod(sizes) * kernel.prod() * shape[2] * layer["filters"]
            shape = np.array([*sizes, layer["filters"]])
        elif layer["type"] == "pool":
            shape = np.append(shape[:2] // np.array(layer["pool"]), shape[2])
        elif layer["type"] == "flatten":
            shape = shape.prod(keepdims=True)
        else:
            params = (shape[-1] + 1) * layer["units"]
            macs = shape.prod() * layer["units"]
            shape = np.append(shape[:-1], layer["units"])
        report.append({"macs": macs, "params": params, "shape": tuple(shape)})
    return report


@instead_of("stack_report")
def shapes_as_arrays(input_shape, layers):
    """The shapes are numpy arrays, the report is a tuple."""
    return tuple({**row, "shape": np.array(row["shape"])} for row in _stack_report(input_shape, layers))


class _Cost:
    def __init__(self, shape):
        self.shape = tuple(shape)

    def conv(self, filters, kernel, stride, padding, use_bias):
        if isinstance(stride, int):
            stride = (stride, stride)
        rows = conv_output_size(self.shape[0], kernel[0], stride[0], padding)
        columns = conv_output_size(self.shape[1], kernel[1], stride[1], padding)
        patch = kernel[0] * kernel[1] * self.shape[2]
        self.shape = (rows, columns, filters)
        return filters * patch + use_bias * filters, rows * columns * filters * patch

    def pool(self, pool):
        down, across = (pool, pool) if isinstance(pool, int) else pool
        rows, columns = pool_output_size(self.shape[0], down), pool_output_size(self.shape[1], across)
        self.shape = (rows, columns, self.shape[2])
        return 0, 0

    def flatten(self):
        self.shape = (math.prod(self.shape),)
        return 0, 0

    def dense(self, units):
        numbers = math.prod(self.shape)
        features = self.shape[-1]
        self.shape = (*self.shape[:-1], units)
        return features * units + units, numbers * units


@instead_of("stack_report")
def one_method_for_each_type(input_shape, layers):
    """An object that keeps the shape, with one method for each type of layer."""
    cost, report = _Cost(input_shape), []
    for layer in layers:
        options = {key: value for key, value in layer.items() if key != "type"}
        params, macs = getattr(cost, layer["type"])(**options)
        report.append({"shape": list(cost.shape), "params": params, "macs": macs})
    return report

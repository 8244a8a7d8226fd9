"""Known wrong answers about output sizes and costs."""

import math

from keras_kata import instead_of

from .reference import (
    _conv_report,
    _dense_report,
    _layer_report,
    _pair,
    _pool_report,
    conv_output_size,
    pool_output_size,
)
from .reference import stack_report as _stack_report


def _at_least_one(size):
    if size < 1:
        raise ValueError("no window fits")
    return size


def _reach(kernel, dilation):
    return dilation * (kernel - 1) + 1


@instead_of("conv_output_size")
def same_keeps_size(n, kernel, stride=1, padding="valid", dilation=1):
    """You return the input's size whenever the padding is "same". The name is true at stride 1 only; with a
    larger stride fewer windows are used, and the output is smaller."""
    return n if padding == "same" else conv_output_size(n, kernel, stride, padding, dilation)


@instead_of("conv_output_size")
def same_rounds_down(n, kernel, stride=1, padding="valid", dilation=1):
    """Under "same" padding you leave out the last window where the stride does not divide the size. Zeros are
    added just so that this window counts too."""
    return (
        _at_least_one(n // stride)
        if padding == "same"
        else conv_output_size(n, kernel, stride, padding, dilation)
    )


@instead_of("conv_output_size")
def same_pads_both_ends_equally(n, kernel, stride=1, padding="valid", dilation=1):
    """Under "same" padding you add equally many zeros at both ends, half of what the kernel reaches beyond one
    pixel. With an even kernel that is one too few; Keras adds as many as needed, also an odd number."""
    reach = dilation * (kernel - 1) + 1
    padded = n + 2 * ((reach - 1) // 2) if padding == "same" else n
    return _at_least_one((padded - reach) // stride + 1)


@instead_of("conv_output_size")
def same_needs_kernel_to_fit(n, kernel, stride=1, padding="valid", dilation=1):
    """You refuse a kernel that is larger than the image under "same" padding as well. There zeros are added
    around the image, so every kernel fits."""
    _at_least_one(n - _reach(kernel, dilation) + 1)
    return conv_output_size(n, kernel, stride, padding, dilation)


@instead_of("conv_output_size")
def padding_ignored(n, kernel, stride=1, padding="valid", dilation=1):
    """You work out the size for "valid" padding whatever the padding is. Under "same" padding zeros are
    added, so that the kernel takes nothing off at the edges."""
    return conv_output_size(n, kernel, stride, "valid", dilation)


@instead_of("conv_output_size")
def dilation_ignored(n, kernel, stride=1, padding="valid", dilation=1):
    """You use the kernel's size as if its pixels were neighbours. A dilated kernel looks at pixels further
    apart, so it reaches over more of the image and fits in fewer places."""
    return conv_output_size(n, kernel, stride, padding)


@instead_of("conv_output_size")
def dilation_times_kernel(n, kernel, stride=1, padding="valid", dilation=1):
    """You take dilation times kernel as the reach. Dilation spreads the steps between the kernel's pixels,
    and there is one step fewer than there are pixels."""
    return conv_output_size(n, dilation * kernel, stride, padding)


@instead_of("conv_output_size")
def dilation_leaves_gaps_of_its_size(n, kernel, stride=1, padding="valid", dilation=1):
    """You leave as many pixels out between two that the kernel looks at as the dilation says. Dilation is the
    distance from one to the next: 1 means neighbours, with nothing left out."""
    return conv_output_size(n, _reach(kernel, dilation + 1 if dilation > 1 else 1), stride, padding)


@instead_of("conv_output_size")
def dilation_added_once(n, kernel, stride=1, padding="valid", dilation=1):
    """You let the dilation widen the kernel in one place only. It spreads every two neighbouring pixels of
    the kernel, so a larger kernel grows by more."""
    return conv_output_size(n, kernel + dilation - 1, stride, padding)


@instead_of("conv_output_size")
def stride_ignored(n, kernel, stride=1, padding="valid", dilation=1):
    """You count every position of the kernel. With a stride above 1 it skips positions, and the output is
    smaller."""
    return conv_output_size(n, kernel, 1, padding, dilation)


@instead_of("conv_output_size")
def first_window_forgotten(n, kernel, stride=1, padding="valid", dilation=1):
    """You count how often the kernel can move on, and forget the window from which it starts. A kernel as
    large as the image moves nowhere, and still gives one output."""
    if padding == "same":
        return conv_output_size(n, kernel, stride, padding, dilation)
    return _at_least_one((n - _reach(kernel, dilation)) // stride)


@instead_of("conv_output_size")
def conv_rounds_up(n, kernel, stride=1, padding="valid", dilation=1):
    """Under "valid" padding you count a last window that sticks out of the image. Only windows that lie in
    the image with all their pixels count, so the division rounds down."""
    if padding == "same":
        return conv_output_size(n, kernel, stride, padding, dilation)
    return _at_least_one(math.ceil((n - _reach(kernel, dilation)) / stride) + 1)


@instead_of("conv_output_size")
def divides_before_adding_one(n, kernel, stride=1, padding="valid", dilation=1):
    """Under "valid" padding you add 1 and then divide by the stride, rounding down. The first window is there
    whatever the stride is: only the moves after it are divided."""
    if padding == "same":
        return conv_output_size(n, kernel, stride, padding, dilation)
    return _at_least_one((n - _reach(kernel, dilation) + 1) // stride)


@instead_of("conv_output_size")
def too_small_not_rejected(n, kernel, stride=1, padding="valid", dilation=1):
    """Where no window fits, you return a size of zero or less. No layer has such an output: refuse it with an
    error."""
    if padding == "same":
        return conv_output_size(n, kernel, stride, padding, dilation)
    return (n - _reach(kernel, dilation)) // stride + 1


@instead_of("conv_output_size")
def size_zero_not_rejected(n, kernel, stride=1, padding="valid", dilation=1):
    """You refuse sizes below zero, but let zero through. An output without a single position is no output
    either."""
    if padding == "same":
        return conv_output_size(n, kernel, stride, padding, dilation)
    return _at_least_one((n - _reach(kernel, dilation)) // stride + 2) - 1


@instead_of("conv_output_size")
def too_small_becomes_zero(n, kernel, stride=1, padding="valid", dilation=1):
    """Where no window fits, you return 0. A network with such a layer can't be built, so the exercise asks
    for an error, as Keras gives one."""
    if padding == "same":
        return conv_output_size(n, kernel, stride, padding, dilation)
    return max(0, (n - _reach(kernel, dilation)) // stride + 1)


@instead_of("conv_output_size")
def too_small_becomes_one(n, kernel, stride=1, padding="valid", dilation=1):
    """Where no window fits, you return 1. A "valid" window must lie in the image with all its pixels: if none
    does, refuse the arguments with an error."""
    if padding == "same":
        return conv_output_size(n, kernel, stride, padding, dilation)
    return max(1, (n - _reach(kernel, dilation)) // stride + 1)


@instead_of("conv_output_size")
def rounds_towards_zero(n, kernel, stride=1, padding="valid", dilation=1):
    """You drop the decimals of a negative number, which makes it larger: -0.2 becomes 0. So a kernel that is
    a little larger than the image seems to fit once. Round down instead, or compare kernel and image
    first."""
    if padding == "same":
        return conv_output_size(n, kernel, stride, padding, dilation)
    return _at_least_one(int((n - _reach(kernel, dilation)) / stride) + 1)


@instead_of("pool_output_size")
def pool_rounds_up(n, pool, stride=None, padding="valid"):
    """You count a last window that is not whole. Under "valid" padding the pixels left over at the end are
    dropped: 149 pixels pooled by 2 give 74, as 148 do."""
    step = pool if stride is None else stride
    return _at_least_one(math.ceil(n / step) if padding == "same" else math.ceil((n - pool) / step) + 1)


@instead_of("pool_output_size")
def pool_rounds_up_where_one_fits(n, pool, stride=None, padding="valid"):
    """You count a last window that is not whole, wherever at least one whole window fits. Under "valid" padding
    the pixels left over at the end are dropped: 149 pixels pooled by 2 give 74, as 148 do."""
    if padding == "valid" and n < pool:
        raise ValueError("no window fits into the image")
    step = pool if stride is None else stride
    return math.ceil(n / step) if padding == "same" else math.ceil((n - pool) / step) + 1


@instead_of("pool_output_size")
def pool_one_too_many(n, pool, stride=None, padding="valid"):
    """You divide the whole size by the stride and then add 1. That counts one window too many: 148 pixels,
    pooled by 2, give 74 and not 75."""
    step = pool if stride is None else stride
    return math.ceil(n / step) if padding == "same" else n // step + 1


@instead_of("pool_output_size")
def pool_only_divides(n, pool, stride=None, padding="valid"):
    """Under "valid" padding you divide the size by the stride and ask no more. That is right where windows
    lie side by side; where the stride differs from the window, the window's size matters too."""
    step = pool if stride is None else stride
    return _at_least_one(math.ceil(n / step) if padding == "same" else n // step)


@instead_of("pool_output_size")
def pool_stride_one(n, pool, stride=None, padding="valid"):
    """You move the pooling window by one pixel when no stride is given. A pooling layer then moves by its own
    size, so that windows lie side by side; a convolution is what moves by one."""
    return conv_output_size(n, pool, 1 if stride is None else stride, padding)


@instead_of("pool_output_size")
def pool_stride_two(n, pool, stride=None, padding="valid"):
    """You move the pooling window by two pixels when no stride is given. Two is only the most common window;
    the default stride is the size of the window, whatever that is."""
    return pool_output_size(n, pool, 2 if stride is None else stride, padding)


@instead_of("pool_output_size")
def pool_stride_ignored(n, pool, stride=None, padding="valid"):
    """You always move the pooling window by its own size, also when another stride is given."""
    return conv_output_size(n, pool, pool, padding)


@instead_of("pool_output_size")
def pool_padding_ignored(n, pool, stride=None, padding="valid"):
    """You leave out windows that are not whole under "same" padding too. There the image is padded, so that
    the pixels at the end get a window as well."""
    return conv_output_size(n, pool, pool if stride is None else stride)


@instead_of("pool_output_size")
def pool_too_small_not_rejected(n, pool, stride=None, padding="valid"):
    """Where the pooling window is larger than the image, you return zero or less. Refuse it with an error, as
    for a convolution."""
    step = pool if stride is None else stride
    return math.ceil(n / step) if padding == "same" else (n - pool) // step + 1


def _conv_weights(shape, layer):
    return math.prod(layer["kernel"]) * shape[-1] * layer["filters"]


@instead_of("_conv_report")
def params_without_channels(shape, layer):
    """You count one weight for each kernel position and filter. A filter looks at all input channels at once,
    and has a weight of its own for each of them."""
    output, params, macs = _conv_report(shape, layer)
    weights = _conv_weights(shape, layer)
    return output, params - weights + weights // shape[-1], macs


@instead_of("_conv_report")
def weights_without_channels(shape, layer):
    """You leave the input channels out of a convolution's parameters and of its multiply-adds. A filter looks
    at all input channels at once, with a weight of its own for each of them."""
    output, params, macs = _conv_report(shape, layer)
    weights = _conv_weights(shape, layer)
    return output, params - weights + weights // shape[-1], macs // shape[-1]


@instead_of("_conv_report")
def macs_without_channels(shape, layer):
    """Your multiply-adds of a convolution leave out the input channels. At every position a filter multiplies
    all the numbers under it, in each channel."""
    output, params, macs = _conv_report(shape, layer)
    return output, params, macs // shape[-1]


@instead_of("_conv_report")
def bias_forgotten(shape, layer):
    """You count no biases for a convolution that uses them. It adds one learned number for each filter."""
    return _conv_report(shape, {**layer, "use_bias": False})


@instead_of("_conv_report")
def bias_always_counted(shape, layer):
    """You count a convolution's biases although it says that it has none."""
    return _conv_report(shape, {**layer, "use_bias": True})


@instead_of("_conv_report")
def one_bias_for_all_filters(shape, layer):
    """You count a single bias for the whole convolution. Each filter has a bias of its own."""
    output, params, macs = _conv_report(shape, {**layer, "use_bias": False})
    return output, params + int(layer["use_bias"]), macs


@instead_of("_layer_report")
def no_biases_anywhere(shape, layer):
    """You count weights only, in convolutions and in dense layers. Biases are parameters too: one for each
    filter that uses them, and one for each unit."""
    output, params, macs = _layer_report(shape, {**layer, "use_bias": False})
    return output, params - layer.get("units", 0), macs


@instead_of("_conv_report")
def bias_for_each_channel(shape, layer):
    """You count a bias for each input channel of a filter. A filter sums up all channels into one number, and
    has one bias for that sum."""
    output, params, macs = _conv_report(shape, layer)
    return output, params + int(layer["use_bias"]) * layer["filters"] * (shape[-1] - 1), macs


@instead_of("_layer_report")
def multiplications_and_additions_apart(shape, layer):
    """You count a multiplication and the addition of its product as two. Together they are one multiply-add;
    counted apart they are called floating-point operations, which are twice as many."""
    output, params, macs = _layer_report(shape, layer)
    return output, params, 2 * macs


@instead_of("_conv_report")
def macs_one_position(shape, layer):
    """You count the multiply-adds of a convolution at one position only. The same weights are used again at
    every position of the output."""
    output, params, _ = _conv_report(shape, layer)
    return output, params, _conv_weights(shape, layer)


@instead_of("_conv_report")
def macs_at_input_positions(shape, layer):
    """You multiply by the number of positions that come in. A convolution computes one number per filter at
    each position that goes out, and with strides or "valid" padding those are fewer."""
    output, params, _ = _conv_report(shape, layer)
    return output, params, shape[0] * shape[1] * _conv_weights(shape, layer)


@instead_of("_conv_report")
def macs_count_biases(shape, layer):
    """You count adding the bias as a multiply-add. Only multiplications of a weight with an input number
    count."""
    output, params, _ = _conv_report(shape, layer)
    return output, params, output[0] * output[1] * params


@instead_of("_conv_report")
def params_at_every_position(shape, layer):
    """You count a convolution's weights again for each output position. All positions share the same weights:
    that is what makes a convolution small."""
    output, params, macs = _conv_report(shape, layer)
    return output, params - _conv_weights(shape, layer) + macs, macs


@instead_of("_conv_report")
def kernel_sides_swapped(shape, layer):
    """You use the kernel's width along the height, and its height along the width. Kernels are given as
    height first, like images."""
    return _conv_report(shape, {**layer, "kernel": layer["kernel"][::-1]})


@instead_of("_conv_report")
def kernel_taken_as_square(shape, layer):
    """You use the kernel's height for its width as well. A kernel may be wider than it is high."""
    return _conv_report(shape, {**layer, "kernel": [layer["kernel"][0]] * 2})


@instead_of("_conv_report")
def stride_sides_swapped(shape, layer):
    """You use the stride of the width along the height, and the other way round. Pairs are given as height
    first."""
    return _conv_report(shape, {**layer, "stride": _pair(layer["stride"])[::-1]})


@instead_of("_conv_report")
def one_stride_for_both_axes(shape, layer):
    """You use the first stride for both axes. A pair has one stride for the height and one for the width."""
    return _conv_report(shape, {**layer, "stride": _pair(layer["stride"])[0]})


@instead_of("_pool_report")
def pool_sides_swapped(shape, layer):
    """You use the pooling window's width along the height, and its height along the width."""
    return _pool_report(shape, {**layer, "pool": _pair(layer["pool"])[::-1]})


@instead_of("_pool_report")
def pool_has_macs(shape, layer):
    """You count multiply-adds for pooling. It compares numbers (or averages them) and has no weights to
    multiply with, so it counts as 0 here."""
    output, params, _ = _pool_report(shape, layer)
    return output, params, math.prod(output) * math.prod(_pair(layer["pool"]))


@instead_of("_dense_report")
def dense_bias_forgotten(shape, layer):
    """You count no biases for dense layers. Each unit has one."""
    output, params, macs = _dense_report(shape, layer)
    return output, params - layer["units"], macs


@instead_of("_dense_report")
def dense_macs_count_biases(shape, layer):
    """For a dense layer you give the parameters as the multiply-adds. The biases are added and multiply
    nothing, and on an unflattened shape the weights are used at every position."""
    output, params, _ = _dense_report(shape, layer)
    return output, params, params


@instead_of("_dense_report")
def dense_flattens_first(shape, layer):
    """You let a dense layer flatten what comes in. In Keras it acts on the last axis only and keeps the
    others; that is why networks have a Flatten layer in between."""
    return _dense_report([math.prod(shape)], layer)


@instead_of("_dense_report")
def dense_macs_one_position(shape, layer):
    """You count a dense layer's multiply-adds once. On a shape that has not been flattened, the same weights
    are used at every position."""
    output, params, _ = _dense_report(shape, layer)
    return output, params, shape[-1] * layer["units"]


@instead_of("_dense_report")
def dense_weights_for_every_position(shape, layer):
    """You give a dense layer weights of its own for each position. On a shape that has not been flattened,
    all positions share the same weights."""
    output, _, macs = _dense_report(shape, layer)
    return output, macs + layer["units"], macs


@instead_of("stack_report")
def every_layer_sees_the_image(input_shape, layers):
    """You work out every layer from the image's shape. A layer receives what left the layer before it."""
    return [row for layer in layers for row in _stack_report(input_shape, [layer])]


@instead_of("stack_report")
def batch_axis_in_shape(input_shape, layers):
    """Your shapes begin with a batch axis. The report is about one image, so they have none."""
    return [{**row, "shape": [None, *row["shape"]]} for row in _stack_report(input_shape, layers)]


@instead_of("stack_report")
def costs_added_up(input_shape, layers):
    """You report the cost of all layers so far. Each entry is about its own layer only."""
    report = _stack_report(input_shape, layers)
    return [
        {**row, **{cost: sum(earlier[cost] for earlier in report[: i + 1]) for cost in ("params", "macs")}}
        for i, row in enumerate(report)
    ]


@instead_of("stack_report")
def one_shape_list_for_all_rows(input_shape, layers):
    """All your entries hold the same list, so each shows the shape of the last layer. Make a new list for
    each entry instead of changing the old one."""
    report = _stack_report(input_shape, layers)
    return [{**row, "shape": report[-1]["shape"]} for row in report]

"""Known wrong answers about adding noise, and about heat."""

import numpy as np

from keras_kata import instead_of

from .reference import heat_step, noise_schedule, q_sample


def _mix(x0, noise, image_weight, noise_weight):
    shape = (-1, *[1] * (x0.ndim - 1))
    return image_weight.reshape(shape) * x0 + noise_weight.reshape(shape) * noise


@instead_of("noise_schedule")
def cumulative_sum(steps, beta_start, beta_end):
    """You add up what each step keeps of the image. Each step keeps a share of what the one before has left,
    so the shares are multiplied."""
    betas, _ = noise_schedule(steps, beta_start, beta_end)
    return betas, np.cumsum(1 - betas)


@instead_of("noise_schedule")
def betas_summed(steps, beta_start, beta_end):
    """You subtract the sum of the betas from 1. A later step takes its share of what is left by then, not of
    the whole image; with many steps your sum even passes 1."""
    betas, _ = noise_schedule(steps, beta_start, beta_end)
    return betas, 1 - np.cumsum(betas)


@instead_of("noise_schedule")
def alphas_not_multiplied(steps, beta_start, beta_end):
    """Your second array says what each step alone keeps of the image. alpha_bar is what all steps up to there
    have left together."""
    betas, _ = noise_schedule(steps, beta_start, beta_end)
    return betas, 1 - betas


@instead_of("noise_schedule")
def product_of_betas(steps, beta_start, beta_end):
    """You multiply the betas. They are what a step replaces by noise; what is left of the image comes from
    what each step keeps."""
    betas, _ = noise_schedule(steps, beta_start, beta_end)
    return betas, np.cumprod(betas)


@instead_of("noise_schedule")
def product_leaves_own_step_out(steps, beta_start, beta_end):
    """Your alpha_bar begins with 1 and leaves its own step out. At t = 0 one step of noise has been added
    already, so its factor belongs to the product."""
    betas, alpha_bars = noise_schedule(steps, beta_start, beta_end)
    return betas, np.insert(alpha_bars, 0, 1.0)[:-1]


@instead_of("noise_schedule")
def share_of_noise_returned(steps, beta_start, beta_end):
    """Your second array is the variance of the noise so far. alpha_bar is the rest: how much of the image's
    variance is left."""
    betas, alpha_bars = noise_schedule(steps, beta_start, beta_end)
    return betas, 1 - alpha_bars


@instead_of("noise_schedule")
def root_in_schedule(steps, beta_start, beta_end):
    """You take the root of alpha_bar in the schedule. The product itself is asked for; the roots come when
    image and noise are mixed."""
    betas, alpha_bars = noise_schedule(steps, beta_start, beta_end)
    return betas, np.sqrt(alpha_bars)


@instead_of("noise_schedule")
def last_beta_never_reached(steps, beta_start, beta_end):
    """Your betas stop one step before the last one asked for. Both the first and the last belong to the
    schedule."""
    betas = np.linspace(beta_start, beta_end, steps, endpoint=False)
    return betas, np.cumprod(1 - betas)


@instead_of("noise_schedule")
def first_beta_skipped(steps, beta_start, beta_end):
    """Your first beta is one step above the first one asked for. Both the first and the last belong to the
    schedule."""
    betas = np.linspace(beta_start, beta_end, steps + 1)[1:]
    return betas, np.cumprod(1 - betas)


@instead_of("noise_schedule")
def one_beta_too_many(steps, beta_start, beta_end):
    """Your arrays have one entry more than there are steps. T betas have only T - 1 gaps between them."""
    return noise_schedule(steps + 1, beta_start, beta_end)


@instead_of("noise_schedule")
def betas_grow_by_a_factor(steps, beta_start, beta_end):
    """Your betas grow by the same factor from step to step. The exercise asks for equal differences: a linear
    schedule."""
    betas = np.geomspace(beta_start, beta_end, steps)
    return betas, np.cumprod(1 - betas)


@instead_of("noise_schedule")
def roots_of_betas_spaced_evenly(steps, beta_start, beta_end):
    """You space the square roots of the betas evenly, as some image generators do. The exercise asks for
    betas that grow by equal differences themselves."""
    betas = np.linspace(beta_start**0.5, beta_end**0.5, steps) ** 2
    return betas, np.cumprod(1 - betas)


@instead_of("noise_schedule")
def one_step_gets_last_beta(steps, beta_start, beta_end):
    """With a single step you use the last beta. The exercise asks for the first one there."""
    return noise_schedule(steps, beta_end if steps == 1 else beta_start, beta_end)


@instead_of("noise_schedule")
def one_step_divided_by_zero(steps, beta_start, beta_end):
    """You divide by the number of gaps between the betas. A single step has no gaps; its beta is the first
    one."""
    gap = (beta_end - beta_start) / (steps - 1)
    betas = np.array([beta_start + gap * step for step in range(steps)])
    return betas, np.cumprod(1 - betas)


@instead_of("noise_schedule")
def schedule_parts_swapped(steps, beta_start, beta_end):
    """You return the alpha_bars first. The betas come first, then the alpha_bars."""
    return noise_schedule(steps, beta_start, beta_end)[::-1]


@instead_of("q_sample")
def roots_missing(x0, t, noise, alpha_bars):
    """You weigh image and noise by alpha_bar and its rest. Those are variances; a number that multiplies
    values is a standard deviation, the square root of a variance."""
    return _mix(x0, noise, alpha_bars[t], 1 - alpha_bars[t])


@instead_of("q_sample")
def root_of_noise_missing(x0, t, noise, alpha_bars):
    """You take the root of the image's weight, but not of the noise's. What you multiply the noise with is a
    standard deviation, the root of its variance."""
    return _mix(x0, noise, np.sqrt(alpha_bars[t]), 1 - alpha_bars[t])


@instead_of("q_sample")
def noise_weight_is_rest_of_root(x0, t, noise, alpha_bars):
    """You give the noise what the image's weight leaves over from 1. It is the variances that add up to 1,
    not the weights."""
    return _mix(x0, noise, np.sqrt(alpha_bars[t]), 1 - np.sqrt(alpha_bars[t]))


@instead_of("q_sample")
def weights_swapped(x0, t, noise, alpha_bars):
    """You weigh the noise by what is left of the image, and the image by the share of the noise. alpha_bar
    falls with time, and so must the image's weight."""
    return _mix(x0, noise, np.sqrt(1 - alpha_bars[t]), np.sqrt(alpha_bars[t]))


@instead_of("q_sample")
def image_at_full_strength(x0, t, noise, alpha_bars):
    """You add the noise, but do not weaken the image. The variance would grow with every step, and the image
    would never be gone."""
    return _mix(x0, noise, np.ones(len(t)), np.sqrt(1 - alpha_bars[t]))


@instead_of("q_sample")
def noise_at_full_strength(x0, t, noise, alpha_bars):
    """You weaken the image, but add the noise as it is. Early steps add only little of it."""
    return _mix(x0, noise, np.sqrt(alpha_bars[t]), np.ones(len(t)))


@instead_of("q_sample")
def noise_subtracted(x0, t, noise, alpha_bars):
    """You subtract the noise. It looks as random that way round, but the network's target is the noise that
    was added."""
    return q_sample(x0, t, -noise, alpha_bars)


@instead_of("q_sample")
def step_off_by_one(x0, t, noise, alpha_bars):
    """You use the entry before the one of step t. Steps are counted from 0 here, as Python does; at t = 0 you
    even get the last entry, nearly pure noise."""
    return q_sample(x0, t - 1, noise, alpha_bars)


@instead_of("q_sample")
def step_off_by_one_clipped(x0, t, noise, alpha_bars):
    """You use the entry before the one of step t. Steps are counted from 0 here, so the entry at t already is
    the one after this step."""
    return q_sample(x0, np.maximum(t - 1, 0), noise, alpha_bars)


@instead_of("q_sample")
def no_noise_at_step_zero(x0, t, noise, alpha_bars):
    """You take t = 0 for the clean image and use the entry before the one of step t. Here t = 0 means that
    one step of noise has been added."""
    return q_sample(x0, t, noise, np.insert(alpha_bars, 0, 1.0))


@instead_of("q_sample")
def step_one_ahead(x0, t, noise, alpha_bars):
    """You use the entry after the one of step t. For the last step there is none."""
    return q_sample(x0, t + 1, noise, alpha_bars)


@instead_of("q_sample")
def beta_instead_of_alpha_bar(x0, t, noise, alpha_bars):
    """You mix in the noise of step t alone. The jump from the clean image takes all the steps up to t at
    once, so alpha_bar is what it needs, not one step's beta."""
    kept = alpha_bars[t] / np.insert(alpha_bars[:-1], 0, 1.0)[t]
    return _mix(x0, noise, np.sqrt(kept), np.sqrt(1 - kept))


@instead_of("q_sample")
def batch_broadcast(x0, t, noise, alpha_bars):
    """You give every example of the batch the time of the first one. Each has a time of its own, and so
    weights of its own."""
    return q_sample(x0, np.full_like(t, t[0]), noise, alpha_bars)


@instead_of("q_sample")
def last_step_for_all(x0, t, noise, alpha_bars):
    """You noise every example to the last step, whatever its time is."""
    return q_sample(x0, np.full_like(t, len(alpha_bars) - 1), noise, alpha_bars)


@instead_of("q_sample")
def draws_its_own_noise(x0, t, noise, alpha_bars):
    """You draw noise of your own and do not look at the noise that was handed in. It is the network's target,
    so just this noise has to be in the image."""
    return q_sample(x0, t, np.random.normal(size=x0.shape), alpha_bars)


@instead_of("q_sample")
def weights_along_last_axis(x0, t, noise, alpha_bars):
    """You multiply (batch,) weights with the examples as they are, so numpy lays them along the last axis.
    That fails or, where the sizes happen to agree, gives each feature a weight instead of each example."""
    kept = alpha_bars[t]
    return np.sqrt(kept) * x0 + np.sqrt(1 - kept) * noise


@instead_of("q_sample")
def weights_shaped_for_vectors(x0, t, noise, alpha_bars):
    """You give the weights one axis more, which is right for vectors only. Images have more axes, and the
    weights must line up with the first of them."""
    kept = alpha_bars[t][:, None]
    return np.sqrt(kept) * x0 + np.sqrt(1 - kept) * noise


@instead_of("q_sample")
def weights_shaped_for_images(x0, t, noise, alpha_bars):
    """You give the weights three axes more, which is right for images only. Examples may have any number of
    axes, and the result must have the shape of the examples."""
    kept = alpha_bars[t][:, None, None, None]
    return np.sqrt(kept) * x0 + np.sqrt(1 - kept) * noise


@instead_of("training_pair")
def target_is_clean_image(x0, t, noise, alpha_bars):
    """You ask the network for the clean image. That can be done as well, but here its target is the noise
    that was mixed in."""
    return q_sample(x0, t, noise, alpha_bars), x0


@instead_of("training_pair")
def target_is_weighted_noise(x0, t, noise, alpha_bars):
    """Your target is the noise as it was weighted for the mixture. The network is asked for the noise itself,
    whose scale is the same at every step."""
    return q_sample(x0, t, noise, alpha_bars), q_sample(0 * x0, t, noise, alpha_bars)


@instead_of("training_pair")
def target_is_change(x0, t, noise, alpha_bars):
    """Your target is the difference between the noised and the clean image. The image has been weakened too,
    so that difference is not the noise."""
    x_t = q_sample(x0, t, noise, alpha_bars)
    return x_t, x_t - x0


@instead_of("training_pair")
def pair_swapped(x0, t, noise, alpha_bars):
    """You return the target first. The network's input comes first, then its target."""
    return noise, q_sample(x0, t, noise, alpha_bars)


@instead_of("training_pair")
def network_sees_clean_image(x0, t, noise, alpha_bars):
    """You show the network the clean image, in which there is no noise to find. Its input is the noised
    one."""
    return x0, noise


@instead_of("heat_step")
def heat_leaks_at_ends(u, rate):
    """You treat the outside of the rod as a neighbour of temperature 0, so heat flows out at the ends. They
    are closed: the total must stay."""
    around = np.pad(u, 1)
    return u + rate * (around[:-2] - 2 * u + around[2:])


@instead_of("heat_step")
def heat_ends_wrap_around(u, rate):
    """You make the first and the last place neighbours, as if the rod were a ring. Its ends are closed."""
    return u + rate * (np.roll(u, 1) - 2 * u + np.roll(u, -1))


@instead_of("heat_step")
def heat_ends_mirrored(u, rate):
    """At each end you count the only neighbour twice. It exchanges heat with the end place once, and the
    total must stay."""
    around = np.pad(u, 1, mode="reflect")
    return u + rate * (around[:-2] - 2 * u + around[2:])


@instead_of("heat_step")
def heat_ends_held_fixed(u, rate):
    """You leave the temperatures at the two ends as they are. Closed ends have no outside to exchange heat
    with, but they do exchange it with their one neighbour."""
    after = np.array(u)
    after[1:-1] = heat_step(u, rate)[1:-1]
    return after


@instead_of("heat_step")
def heat_single_place_forgotten(u, rate):
    """You give each end what it gets from its one neighbour, but a rod of a single place has no neighbour.
    Its temperature stays."""
    new = u.copy()
    new[0] += rate * (u[1] - u[0])
    new[-1] += rate * (u[-2] - u[-1])
    new[1:-1] += rate * (u[:-2] - 2 * u[1:-1] + u[2:])
    return new


@instead_of("heat_step")
def heat_pairs_one_after_another(u, rate):
    """You let one pair exchange heat after the other, with temperatures that the pair before has already
    changed. All pairs exchange at once, from the values before the step."""
    after = np.array(u)
    for i in range(len(u) - 1):
        flow = rate * (after[i + 1] - after[i])
        after[i] += flow
        after[i + 1] -= flow
    return after


@instead_of("heat_step")
def heat_flows_uphill(u, rate):
    """Your heat flows from the colder place to the warmer, so that differences grow. It flows from the higher
    to the lower."""
    return heat_step(u, -rate)


@instead_of("heat_step")
def heat_exchange_halved(u, rate):
    """Only half of what the exercise says flows between two neighbours. The one loses `rate` times the
    difference, and the other gains as much."""
    return heat_step(u, rate / 2)


@instead_of("heat_step")
def heat_towards_neighbours_mean(u, rate):
    """You move each place towards the mean of its neighbours. A place exchanges the full amount with each of
    them, and a place at the end has only one."""
    after = np.array(u)
    for i in range(len(u)):
        neighbours = np.concatenate([u[max(i - 1, 0) : i], u[i + 1 : i + 2]])
        if len(neighbours):
            after[i] = u[i] + rate * (neighbours.mean() - u[i])
    return after


@instead_of("heat_step")
def heat_not_taken_from_neighbour(u, rate):
    """What flows into a place is not taken from the neighbour from which it comes. What one gains the other
    must lose."""
    return u + np.append(rate * np.diff(u), 0)


@instead_of("heat_step")
def heat_only_leaves(u, rate):
    """You take heat from the warmer place of each pair, but the cooler one does not get it. The total must
    stay."""
    flow = rate * np.diff(u)
    return u + np.append(np.minimum(flow, 0), 0) - np.insert(np.maximum(flow, 0), 0, 0)

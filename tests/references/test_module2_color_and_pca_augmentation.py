"""Shifts against Python numbers; components and jitter against what defines them."""

import itertools

import numpy as np
import pytest

from tests.references.loading import reference

color = reference("module2/color_and_pca_augmentation")


def test_every_value_and_shift_is_clipped_as_python_numbers_are():
    image = np.tile(np.arange(256, dtype="uint8")[None, :, None], (1, 1, 3))
    for delta in [(0, 1, -1), (100, -100, 255), (-255, 256, -256), (1000, -1000, 7)]:
        shifted = color.color_shift(image, np.array(delta))
        assert shifted.dtype == np.uint8
        for value, channel in itertools.product(range(256), range(3)):
            assert shifted[0, value, channel] == max(0, min(255, value + delta[channel]))


def test_the_components_of_the_instructions():
    images = np.array([[[[16, 18, 10], [4, 2, 10]]], [[[14, 7, 10], [6, 13, 10]]]], "float32")
    eigenvalues, vectors = color.rgb_principal_components(images)
    np.testing.assert_allclose(eigenvalues, [50, 12.5, 0], atol=1e-12)
    np.testing.assert_allclose(vectors, [[0.6, 0.8, 0], [0.8, -0.6, 0], [0, 0, 1]], atol=1e-12)
    jittered = color.pca_color_jitter(images[0], eigenvalues, vectors, np.array([0.1, 0, 0]))
    np.testing.assert_allclose(jittered, images[0] + [3, 4, 0])


@pytest.mark.parametrize("seed", range(20))
def test_components_are_what_defines_them(seed):
    rng = np.random.default_rng(seed)
    images = (rng.normal(size=(3, 4, 5, 3)) @ rng.normal(size=(3, 3)) + rng.normal(size=3)).astype("float32")
    eigenvalues, vectors = color.rgb_principal_components(images)
    pixels = images.astype("float64").reshape(60, 3)
    assert eigenvalues[0] >= eigenvalues[1] >= eigenvalues[2]
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=1e-9)
    for k in range(3):
        along = [sum(p * v for p, v in zip(pixel, vectors[:, k], strict=True)) for pixel in pixels.tolist()]
        mean = sum(along) / 60
        assert sum((a - mean) ** 2 for a in along) / 60 == pytest.approx(eigenvalues[k], rel=1e-5)
        assert max(vectors[:, k], key=abs) > 0
    others = rng.normal(size=(50, 3))
    spread = (pixels @ (others / np.linalg.norm(others, axis=1, keepdims=True)).T).var(axis=0)
    assert (spread <= eigenvalues[0] * (1 + 1e-6)).all()
    assert (spread >= eigenvalues[2] * (1 - 1e-6)).all()


def test_jitter_moves_the_mean_along_one_component_and_keeps_all_differences():
    rng = np.random.default_rng(0)
    images = rng.normal(size=(2, 3, 3, 3)).astype("float32")
    eigenvalues, vectors = color.rgb_principal_components(images)
    for k, step in itertools.product(range(3), (-2.0, 0.0, 0.5)):
        alpha = np.eye(3)[k] * step
        jittered = color.pca_color_jitter(images[1], eigenvalues, vectors, alpha)
        np.testing.assert_allclose(np.diff(jittered, axis=0), np.diff(images[1], axis=0), atol=1e-6)
        moved = (jittered - images[1]).mean(axis=(0, 1))
        np.testing.assert_allclose(moved @ vectors, np.eye(3)[k] * step * eigenvalues[k], atol=1e-6)

"""The mathematics of diffusion: noise grids, the denoiser, samplers, the network, conditioning.

Notation as in EDM (arXiv 2206.00364): `sigma` is the standard deviation of the noise on images in
[-1, 1]; SR3's gamma (arXiv 2104.07636) is the squared signal rate, sigma^2 = (1 - gamma) / gamma.
"""

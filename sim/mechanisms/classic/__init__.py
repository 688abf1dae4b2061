"""Published kernels that the model does not use: lessons show them, ``sim.theory`` proves them."""

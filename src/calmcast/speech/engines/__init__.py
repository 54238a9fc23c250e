"""The engines that ship, one module each. `speech.registry` names them."""

"""What `igrsim calibrate` does: move assumed numbers within their ranges until the facts marked for it hold, and write down what moved."""

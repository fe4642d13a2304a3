/**
 * A model that learns from what it does: deep Q-learning on a pole that a cart balances, with the
 * training loop in Java. Begin with {@link dev.dlm.samples.cartpole.LearnCartpole}.
 */
@NullMarked
package dev.dlm.samples.cartpole;

import org.jspecify.annotations.NullMarked;

package dev.dlm.runtime.device;

import dev.dlm.plan.Step;

/**
 * Where a value that is infinite or NaN was written first.
 *
 * @param index place in the program of the step that was running
 * @param step that step or, where it runs other steps inside, the one of those that wrote the value
 */
public record NonFiniteStep(int index, Step step) {}

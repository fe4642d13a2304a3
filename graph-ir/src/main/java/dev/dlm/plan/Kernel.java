package dev.dlm.plan;

/** What a step computes, in terms that every device can turn into code. */
public sealed interface Kernel
    permits LoopKernel, OpKernel, CompositeKernel, ScanKernel, WhileKernel, CondKernel {}

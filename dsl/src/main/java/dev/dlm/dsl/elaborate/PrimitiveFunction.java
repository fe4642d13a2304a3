package dev.dlm.dsl.elaborate;

/** The meaning of a function that the language itself brings. */
@FunctionalInterface
interface PrimitiveFunction {

  /** Applies it to the arguments of a call. */
  Meaning apply(PrimitiveCall call);
}

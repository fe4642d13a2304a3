package dev.dlm.op;

import java.util.List;

/**
 * Names op classes to {@link OpRegistry}; found through {@link java.util.ServiceLoader}, so that
 * users can add ops of their own.
 */
public interface OpProvider {
  /** Record classes that implement {@link Op}. */
  List<Class<? extends Op>> ops();
}

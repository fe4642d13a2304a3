package dev.dlm.samples.op;

import dev.dlm.op.Op;
import dev.dlm.op.OpProvider;
import java.util.List;

/**
 * The ops of this package. {@code META-INF/services/dev.dlm.op.OpProvider} names this class, which
 * makes the ops known to the text form, to compiled models and to {@code op("…")} in the language.
 */
public final class SampleOps implements OpProvider {
  @Override
  public List<Class<? extends Op>> ops() {
    return List.of(ReverseGradient.class, SquareDistance.class);
  }
}

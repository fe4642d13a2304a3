package dev.dlm.dsl.elaborate;

import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;

/**
 * A value of a trace and the body in which it stands. Numbers of values mean nothing in another
 * body, so whatever outlives the code of one body is kept in this form.
 */
record TracedValue(Trace trace, OpenBody body, Value value) {

  /** The value that stands for this one in the body that is traced now. */
  Value here() {
    return trace.current().bring(body, value);
  }

  TensorType type() {
    return value.type();
  }
}

package dev.dlm.training.reader;

import dev.dlm.ir.DType;
import dev.dlm.training.data.DataSource;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Reads single examples, for comparison. */
final class Examples {
  private Examples() {}

  /** The elements of an example as integers. */
  static int[] ints(DataSource source, int column, long epoch, long example) {
    List<Long> shape = source.columns().get(column).exampleShape();
    int[] values = new int[(int) source.columns().get(column).countElements()];
    source
        .reader(column, DType.I32, shape)
        .gather(epoch, new long[] {example}, 0, 1, MemorySegment.ofArray(values));
    return values;
  }

  static int[] ints(DataSource source, int column, long example) {
    return ints(source, column, 0, example);
  }

  /** The elements of an example as floats. */
  static float[] floats(DataSource source, int column, long epoch, long example) {
    List<Long> shape = source.columns().get(column).exampleShape();
    float[] values = new float[(int) source.columns().get(column).countElements()];
    source
        .reader(column, DType.F32, shape)
        .gather(epoch, new long[] {example}, 0, 1, MemorySegment.ofArray(values));
    return values;
  }

  static float[] floats(DataSource source, int column, long example) {
    return floats(source, column, 0, example);
  }
}

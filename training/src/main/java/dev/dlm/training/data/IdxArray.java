package dev.dlm.training.data;

import dev.dlm.ir.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * The array of an IDX file, in memory.
 *
 * @param dtype the element type in memory; 16-bit integers of the file have become {@code i32}
 * @param shape sizes, outermost first; empty for a scalar
 * @param data row-major, in the machine's byte order, read-only; garbage-collected
 * @param dataOffsetBytes where the elements begin in the file, behind any compression
 * @param fileElementBytes bytes of one element in the file
 */
public record IdxArray(
    Path file,
    DType dtype,
    List<Long> shape,
    MemorySegment data,
    long dataOffsetBytes,
    int fileElementBytes) {
  public IdxArray {
    shape = List.copyOf(shape);
  }
}

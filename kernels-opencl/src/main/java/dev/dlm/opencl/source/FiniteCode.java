package dev.dlm.opencl.source;

import dev.dlm.ir.DType;

/**
 * A kernel that sets an {@code int} to one where an element is infinite or NaN. Arguments: buffer
 * and byte at which the elements start, their number as {@code long}, the buffer of the flag.
 */
public final class FiniteCode {
  /** The entry point. */
  public static final String NAME = "find_not_finite";

  private FiniteCode() {}

  /** The program for elements of a floating-point type. */
  public static String text(DType dtype) {
    return Prelude.text(dtype == DType.F64)
        + """
        __kernel void find_not_finite(
            __global uchar *m, ulong offset, long count, __global int *flag) {
          __global MEMORY *p = (__global MEMORY *)(m + offset);
          for (long i = get_global_id(0); i < count; i += get_global_size(0)) {
            VALUE x = LOAD;
            if (!is_finite_VALUE(x)) flag[0] = 1;
          }
        }
        """
            .replace("MEMORY", ElementCode.memoryType(dtype))
            .replace("LOAD", ElementCode.load(dtype, "p", "i"))
            .replace("VALUE", ElementCode.valueType(dtype));
  }
}

package dev.dlm.opencl.source;

/** Functions that generated code calls, put before it. */
final class Prelude {
  private Prelude() {}

  /** The text before a kernel; with functions in double precision only where wanted. */
  static String text(boolean withDouble) {
    String text = "#pragma OPENCL FP_CONTRACT OFF\n" + NARROW + INTEGERS + forType("float");
    return withDouble
        ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" + text + forType("double") + ODD
        : text;
  }

  private static String forType(String type) {
    return FLOATS.replace("TYPE", type)
        + conversion(type, "long", "9223372036854775808.0", "LONG_MIN", "LONG_MAX")
        + conversion(type, "int", "2147483648.0", "INT_MIN", "INT_MAX")
        + conversion(type, "char", "128.0", "CHAR_MIN", "CHAR_MAX")
        + conversion(type, "uchar", "256.0", "0", "UCHAR_MAX");
  }

  /** Truncation that saturates, a NaN giving zero. */
  private static String conversion(
      String from, String to, String limit, String lowest, String highest) {
    String suffix = from.equals("float") ? "f" : "";
    String low = to.equals("uchar") ? "0.0" + suffix : "-" + limit + suffix;
    return """
    TO TO_of_FROM(FROM x) {
      return x != x ? (TO)0 : x >= LIMIT ? HIGHEST : x <= LOW ? LOWEST : (TO)x;
    }
    """
        .replace("FROM", from)
        .replace("TO", to)
        .replace("LIMIT", limit + suffix)
        .replace("HIGHEST", "(" + to + ")" + highest)
        .replace("LOWEST", "(" + to + ")" + lowest)
        .replace("LOW", low);
  }

  private static final String NARROW =
      """
      float bf16_to_float(ushort x) { return as_float((uint)x << 16); }
      float odd_float_of_long(long x) {
        float toward_zero = convert_float_rtz(x);
        return (long)toward_zero == x ? toward_zero : as_float(as_uint(toward_zero) | 1);
      }
      ushort float_to_bf16(float x) {
        uint bits = as_uint(x);
        return x != x ? (ushort)0x7fc0 : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
      }
      float f16_to_float(ushort x) {
        uint sign = ((uint)x & 0x8000) << 16;
        uint rest = (uint)x & 0x7fff;
        float magnitude = rest >= 0x7c00 ? as_float((rest << 13) + 0x70000000)
            : rest >= 0x0400 ? as_float((rest << 13) + 0x38000000)
            : (float)rest * 0x1p-24f;
        return as_float(sign | as_uint(magnitude));
      }
      ushort float_to_f16(float x) {
        uint bits = as_uint(x);
        uint sign = (bits >> 16) & 0x8000;
        uint rest = bits & 0x7fffffff;
        if (rest > 0x7f800000) return (ushort)0x7e00;
        if (rest >= 0x47800000) return (ushort)(sign | 0x7c00);
        if (rest < 0x38800000) {
          uint small = as_uint(as_float(rest) + 0.5f) - 0x3f000000;
          return (ushort)(sign | small);
        }
        uint rounded = rest - 0x38000000 + 0xfff + ((rest >> 13) & 1);
        return (ushort)(sign | (rounded >> 13));
      }
      """;

  private static final String INTEGERS =
      """
      int quotient_int(int a, int b) {
        int divisor = (b == 0) | (b == -1) ? 1 : b;
        return b == 0 ? 0 : b == -1 ? (int)(0u - (uint)a) : a / divisor;
      }
      int remainder_int(int a, int b) {
        int divisor = (b == 0) | (b == -1) ? 1 : b;
        return a % divisor;
      }
      long quotient_long(long a, long b) {
        long divisor = (b == 0) | (b == -1) ? 1 : b;
        return b == 0 ? 0 : b == -1 ? (long)(0ul - (ulong)a) : a / divisor;
      }
      long remainder_long(long a, long b) {
        long divisor = (b == 0) | (b == -1) ? 1 : b;
        return a % divisor;
      }
      long power_long(long base, long exponent) {
        if (exponent < 0) return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        ulong result = 1;
        ulong square = (ulong)base;
        for (ulong rest = (ulong)exponent; rest != 0; rest >>= 1) {
          if ((rest & 1) != 0) result *= square;
          square *= square;
        }
        return (long)result;
      }
      """;

  private static final String FLOATS =
      """
      TYPE sign_TYPE(TYPE x) { return x > 0 ? (TYPE)1 : x < 0 ? (TYPE)-1 : x; }
      int is_finite_TYPE(TYPE x) { return fabs(x) < (TYPE)INFINITY; }
      TYPE maximum_TYPE(TYPE a, TYPE b) {
        return a != a ? a : b != b ? b : a > b ? a : b > a ? b : signbit(a) ? b : a;
      }
      TYPE minimum_TYPE(TYPE a, TYPE b) {
        return a != a ? a : b != b ? b : a < b ? a : b < a ? b : signbit(a) ? a : b;
      }
      TYPE power_TYPE(TYPE a, TYPE b) {
        return b != b || (fabs(a) == 1 && fabs(b) == (TYPE)INFINITY) ? (TYPE)NAN : pow(a, b);
      }
      """;

  /**
   * Rounds to odd, so that rounding the result again to a narrower type is as rounding once (Boldo
   * and Melquiond, "When double rounding is odd", 2005).
   */
  private static final String ODD =
      """
      float odd_float(double x) {
        float toward_zero = convert_float_rtz(x);
        return x != x || (double)toward_zero == x
            ? toward_zero : as_float(as_uint(toward_zero) | 1);
      }
      """;
}

package dev.dlm.cpu.math;

/** Transcendental functions of {@code f32}. */
public final class FloatMath {
  private FloatMath() {}

  public static float exp(float x) {
    return (float) StrictMath.exp(x);
  }

  public static float log(float x) {
    return (float) StrictMath.log(x);
  }

  public static float log1p(float x) {
    return (float) StrictMath.log1p(x);
  }

  public static float expm1(float x) {
    return (float) StrictMath.expm1(x);
  }

  public static float sin(float x) {
    return (float) StrictMath.sin(x);
  }

  public static float cos(float x) {
    return (float) StrictMath.cos(x);
  }

  public static float tanh(float x) {
    return (float) StrictMath.tanh(x);
  }

  public static float sigmoid(float x) {
    return (float) (1 / (1 + StrictMath.exp(-x)));
  }

  public static float erf(float x) {
    return (float) dev.dlm.reference.ScalarReference.ofDoubles(dev.dlm.op.ScalarFunction.ERF, x, 0);
  }

  public static float pow(float x, float y) {
    return (float) StrictMath.pow(x, y);
  }
}

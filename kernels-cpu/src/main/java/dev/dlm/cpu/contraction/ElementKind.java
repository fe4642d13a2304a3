package dev.dlm.cpu.contraction;

/** The element types that contractions take. */
public enum ElementKind {
  /** IEEE 754 binary32. */
  F32(4),
  /** IEEE 754 binary64. */
  F64(8),
  /** IEEE 754 binary16; products and sums are taken in binary32 and rounded once at the end. */
  F16(2),
  /** The upper half of a binary32; products and sums are taken in binary32 and rounded once. */
  BF16(2),
  /** 32-bit two's complement; sums and products wrap around. */
  I32(4),
  /** 64-bit two's complement; sums and products wrap around. */
  I64(8);

  private final int sizeBytes;

  ElementKind(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  /** The size of one element in bytes. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** Whether register tiles serve this type; the others go through plain loops. */
  boolean isTiled() {
    return this == F32 || this == F64;
  }
}

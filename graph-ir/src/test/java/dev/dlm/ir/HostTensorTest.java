package dev.dlm.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostTensorTest {
  private static final double[] SPECIAL = {
    0, -0.0, 1, -1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-7, 255
  };

  @ParameterizedTest
  @EnumSource
  void toMemory_thenFromMemory_givesTheSameTensor(DType dtype) {
    TensorType type = TensorType.of(dtype, 3, 3);
    HostTensor tensor =
        dtype.isFloat()
            ? HostTensor.ofDoubles(type, i -> SPECIAL[i])
            : HostTensor.ofLongs(type, i -> i * 0x0123_4567_89ab_cdefL - 3);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment odd = arena.allocate(9L * dtype.sizeBytes() + 1).asSlice(1);
      tensor.toMemory(odd);
      assertThat(HostTensor.fromMemory(type, odd)).isEqualTo(tensor);
    }
  }

  @Test
  void toMemory_isLittleEndian() {
    assertThat(bytes(HostTensor.of(new float[] {1}, 1))).containsExactly(0, 0, 0x80, 0x3f);
    assertThat(bytes(HostTensor.scalar(DType.BF16, 1))).containsExactly(0x80, 0x3f);
    assertThat(bytes(HostTensor.scalar(DType.F16, 1))).containsExactly(0x00, 0x3c);
    assertThat(bytes(HostTensor.scalar(0x0102030405060708L)))
        .containsExactly(8, 7, 6, 5, 4, 3, 2, 1);
  }

  @Test
  void toMemory_writesTheCanonicalNan() {
    double odd = Double.longBitsToDouble(0xfff8_1234_5678_9abcL);
    assertThat(bytes(HostTensor.scalar(DType.F32, odd))).containsExactly(0, 0, 0xc0, 0x7f);
    assertThat(bytes(HostTensor.scalar(DType.BF16, odd))).containsExactly(0xc0, 0x7f);
    assertThat(bytes(HostTensor.scalar(DType.F16, odd))).containsExactly(0x00, 0x7e);
  }

  @Test
  void fromMemory_tooShort_saysHowMuchIsMissing() {
    assertThatThrownBy(() ->
            HostTensor.fromMemory(TensorType.of(DType.F32, 2), MemorySegment.ofArray(new byte[7])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("f32[2] takes 8 bytes, the memory has 7");
  }

  @Test
  void round_toNarrowTypes_roundsOnce() {
    // Just above the middle of two neighbours; rounding to f32 first would lose the excess.
    assertThat(DType.BF16.round(1 + 0x1p-8 + 0x1p-40)).isEqualTo(1 + 0x1p-7);
    assertThat(DType.F16.round(1 + 0x1p-11 + 0x1p-40)).isEqualTo(1 + 0x1p-10);
    assertThat(DType.F16.round(-1 - 0x1p-11 - 0x1p-40)).isEqualTo(-1 - 0x1p-10);
    assertThat(DType.BF16.round(1 + 0x1p-8)).isEqualTo(1);
    assertThat(DType.F16.round(Double.MAX_VALUE)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(DType.BF16.round(-Double.MIN_VALUE)).isEqualTo(-0.0);
  }

  private static int[] bytes(HostTensor tensor) {
    byte[] bytes = new byte[(int) tensor.type().sizeBytes().asLong()];
    tensor.toMemory(MemorySegment.ofArray(bytes));
    int[] unsigned = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      unsigned[i] = bytes[i] & 0xff;
    }
    return unsigned;
  }
}

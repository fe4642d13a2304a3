package dev.dlm.cli.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NpyFormatTest {
  @ParameterizedTest
  @EnumSource(DType.class)
  void format_isReadBackWithTheSameBits(DType dtype) {
    for (long[] sizes : new long[][] {{}, {0}, {5}, {2, 3}, {2, 0, 3}, {1, 2, 3, 4}}) {
      TensorType type = TensorType.of(dtype, sizes);
      Tensor tensor =
          Tensor.from(
              dtype.isFloat()
                  ? HostTensor.ofDoubles(type, i -> i % 7 == 3 ? Double.NaN : i / 3.0 - 1)
                  : HostTensor.ofLongs(type, i -> i * 37 - 3));

      Tensor back = NpyFormat.parse("x.npy", NpyFormat.format(tensor));

      if (dtype == DType.BF16) {
        assertThat(back.dtype()).isEqualTo(DType.F32);
        assertThat(back.doubles()).isEqualTo(tensor.doubles());
      } else {
        assertThat(back.hasSameBitsAs(tensor)).as(tensor.toString()).isTrue();
      }
    }
  }

  @Test
  void format_isWhatNumPyWrites() {
    byte[] content = NpyFormat.format(Tensor.of(new float[] {1, 2, 3}, 3));

    assertThat(content).hasSize(128 + 12);
    assertThat(new String(content, 10, 118, StandardCharsets.US_ASCII))
        .isEqualTo(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }" + " ".repeat(60) + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'descr': '>f4', 'fortran_order': False, 'shape': (3,), }  | element type '>f4' is not supported
          {'descr': '<f4', 'fortran_order': True, 'shape': (3, 1), } | column-major order
          {'descr': '<f4', 'fortran_order': False, 'shape': (4,), }  | 12 bytes of data follow the header, expected 16 for f32[4]
          {'descr': '<f4', 'fortran_order': False, 'shape': (2,), }  | 12 bytes of data follow the header, expected 8 for f32[2]
          {'descr': '<f4', 'fortran_order': False, 'shape': (-3,), } | expected a size
          {'descr': '<f4', 'fortran_order': False}                   | lacks one of
          {'descr': '<f4', 'descr': '<f4', 'shape': (3,)}            | 'descr' twice
          {'kind': '<f4'}                                            | unknown key 'kind'
          {'descr': '<f4', 'fortran_order': Maybe, 'shape': (3,), }  | expected True or False
          {'descr': '<f4', 'fortran_order': False, 'shape': (3,), }; | expected the end
          {'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999999,999999999999999999,), } | too large
          """)
  void parse_saysWhatIsWrongWithTheHeader(String header, String problem) {
    assertThatThrownBy(() -> NpyFormat.parse("x.npy", content(header, 12)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("error[tensor-file]: 'x.npy'")
        .hasMessageContaining(problem);
  }

  @Test
  void parse_answersEveryDamageWithADiagnosticOrATensor() {
    byte[] sound = NpyFormat.format(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    var random = new Random(7);
    for (int round = 0; round < 5000; round++) {
      byte[] damaged =
          Arrays.copyOf(
              sound, random.nextInt(4) == 0 ? random.nextInt(sound.length) : sound.length);
      if (damaged.length > 0) {
        damaged[random.nextInt(Math.min(damaged.length, 80))] = (byte) random.nextInt();
      }
      try {
        assertThat(NpyFormat.parse("x.npy", damaged).memory().byteSize()).isLessThan(200);
      } catch (GraphException e) {
        assertThat(e.diagnostics()).hasSize(1);
      }
    }
  }

  private static byte[] content(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] content = new byte[10 + text.length + dataBytes];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
    System.arraycopy(start, 0, content, 0, start.length);
    System.arraycopy(text, 0, content, start.length, text.length);
    return content;
  }
}

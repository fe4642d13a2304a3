package dev.dlm.cli.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"x.npy", "x.json", "x.png", "x.PNG"})
  void write_isReadBackInTheFormatThatTheNameTells(String name) {
    Tensor image = Tensor.of(new float[] {0, 1, 1, 0, 0, 1}, 2, 3);

    TensorFile.write(folder.resolve(name), image);

    assertThat(TensorFile.read(folder.resolve(name), TensorType.of(DType.F32, 2, 3)))
        .matches(image::hasSameBitsAs);
  }
}

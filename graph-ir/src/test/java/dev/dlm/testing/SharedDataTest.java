package dev.dlm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedDataTest {
  @TempDir Path root;

  @Test
  void find_walksUpToTheFolderThatHoldsData() throws Exception {
    Path mnist = Files.createDirectories(root.resolve("shared/data/mnist"));
    Path module = Files.createDirectories(root.resolve("checkout/graph-ir/shared"));

    assertThat(SharedData.find(null, module, "data/mnist")).contains(mnist);
  }

  @Test
  void find_isEmptyWhereTheDataSetIsAbsent() throws Exception {
    Files.createDirectories(root.resolve("shared/data"));

    assertThat(SharedData.find(null, root, "data/mnist")).isEmpty();
  }

  @Test
  void find_trustsThePropertyAlone() throws Exception {
    Files.createDirectories(root.resolve("shared/data/mnist"));
    Path other = Files.createDirectories(root.resolve("other/data/digits"));

    assertThat(SharedData.find(root.resolve("other").toString(), root, "data/digits"))
        .contains(other);
    assertThat(SharedData.find(root.resolve("other").toString(), root, "data/mnist")).isEmpty();
  }
}

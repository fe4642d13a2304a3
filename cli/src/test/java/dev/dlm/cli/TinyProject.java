package dev.dlm.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A folder with a small model and small data that it learns in a few epochs: pictures of 4×4 with a
 * bright row, column or diagonal.
 *
 * @param model the {@code .dlm} file
 */
record TinyProject(Path folder, Path model) {
  static final int TRAIN_EXAMPLES = 200;
  static final int TEST_EXAMPLES = 50;

  static final String TEXT =
      """
      import nn

      /// Small pictures of three kinds.
      model Tiny() {
        /// Gray values in [0, 1].
        input image: f32[B, 16]
        input label: i32[B]

        logits = image |> nn.Dense(16) |> relu |> nn.Dropout(0.1) |> nn.Dense(3)

        output probability = softmax(logits)
        loss = mean(cross_entropy(logits, label))
        metric accuracy = mean(argmax(logits) == label)
      }

      train Tiny {
        data image, label = idx("train-images.idx", "train-labels.idx")
        validate image, label = idx("test-images.idx", "test-labels.idx")
        minimize loss
        optimizer adam(rate = 1e-2)
        batch 16
        epochs 3
      }
      """;

  static TinyProject in(Path folder) throws IOException {
    Path model = Files.writeString(folder.resolve("tiny.dlm"), TEXT);
    write(folder, "train", TRAIN_EXAMPLES, 1);
    write(folder, "test", TEST_EXAMPLES, 2);
    return new TinyProject(folder, model);
  }

  Path data(String name) {
    return folder.resolve(name);
  }

  private static void write(Path folder, String part, int count, long seed) throws IOException {
    var random = new Random(seed);
    ByteBuffer images = ByteBuffer.allocate(16 + count * 16);
    images.putInt(0x803).putInt(count).putInt(4).putInt(4);
    ByteBuffer labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
    for (int example = 0; example < count; example++) {
      int kind = random.nextInt(3);
      int place = random.nextInt(4);
      for (int row = 0; row < 4; row++) {
        for (int column = 0; column < 4; column++) {
          boolean bright =
              switch (kind) {
                case 0 -> row == place;
                case 1 -> column == place;
                default -> row == column;
              };
          images.put((byte) (random.nextInt(60) + (bright ? 180 : 0)));
        }
      }
      labels.put((byte) kind);
    }
    Files.write(folder.resolve(part + "-images.idx"), images.array());
    Files.write(folder.resolve(part + "-labels.idx"), labels.array());
  }
}

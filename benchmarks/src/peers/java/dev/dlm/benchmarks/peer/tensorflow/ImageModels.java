package dev.dlm.benchmarks.peer.tensorflow;

import dev.dlm.benchmarks.peer.tensorflow.ModelGraph.Purpose;
import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload.Optimizer;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** Models of images, whose channels come last: TensorFlow's order on processors. */
final class ImageModels {
  private static final float EPSILON = 1e-5f;

  private final ModelGraph model;

  private ImageModels(ModelGraph model) {
    this.model = model;
  }

  static ModelGraph cnn() {
    ModelGraph model = new ModelGraph(Purpose.TRAINING);
    return new ImageModels(model).buildCnn();
  }

  static ModelGraph resnet50() {
    ModelGraph model = new ModelGraph(Purpose.INFERENCE);
    return new ImageModels(model).buildResnet50();
  }

  static ModelGraph resnet18() {
    ModelGraph model = new ModelGraph(Purpose.TRAINING);
    return new ImageModels(model).buildResnet18();
  }

  private ModelGraph buildCnn() {
    int images = 64;
    Output<?> x = images(images, 1, 28);
    x = pool(relu(biased("conv1", x, 1, 32, 5, 1)), 2, 2);
    x = pool(relu(biased("conv2", x, 32, 64, 5, 1)), 2, 2);
    int inputs = 7 * 7 * 64;
    Output<?> flat = model.node("Reshape", x, model.vector(images, inputs));
    float[] matrix = Values.weight("dense1.w", inputs * 1024, inputs);
    Output<?> dense =
        model.node(
            "MatMul", flat, model.weight(channelsLast(matrix, 1, 64, 7 * 7, 1024), inputs, 1024));
    Output<?> hidden = relu(model.node("BiasAdd", dense, model.bias("dense1.b", 1024)));
    Output<?> logits = model.dense("dense2", hidden, 1024, 10);
    return model.minimize(model.crossEntropy(logits, images, 10), Optimizer.SGD);
  }

  private ModelGraph buildResnet50() {
    int[] blocks = {3, 4, 6, 3};
    Output<?> x = relu(biased("stem", images(1, 3, 224), 3, 64, 7, 2));
    // No element is below 0, so zeros around the image do not change the largest.
    x = pool(padded(x, 1), 3, 2);
    int channels = 64;
    for (int stage = 0; stage < blocks.length; stage++) {
      int width = 64 << stage;
      for (int i = 0; i < blocks[stage]; i++) {
        String name = "stage[" + stage + "].block[" + i + "].";
        int stride = i == 0 && stage > 0 ? 2 : 1;
        Output<?> y = relu(biased(name + "conv1", x, channels, width, 1, 1));
        y = relu(biased(name + "conv2", y, width, width, 3, stride));
        y = biased(name + "conv3", y, width, 4 * width, 1, 1);
        Output<?> shortcut =
            i == 0 ? biased(name + "shortcut", x, channels, 4 * width, 1, stride) : x;
        x = relu(model.node("AddV2", y, shortcut));
        channels = 4 * width;
      }
    }
    return model.predict(model.dense("dense", meanOverPositions(x), channels, 1000));
  }

  private ModelGraph buildResnet18() {
    int images = 32;
    Output<?> x = relu(normalized("stem", "", images(images, 3, 32), 3, 64, 3, 1));
    int channels = 64;
    for (int stage = 0; stage < 4; stage++) {
      int width = 64 << stage;
      for (int i = 0; i < 2; i++) {
        String name = "stage[" + stage + "].block[" + i + "].";
        int stride = i == 0 && stage > 0 ? 2 : 1;
        Output<?> y = relu(block(name, "1", x, channels, width, stride));
        y = block(name, "2", y, width, width, 1);
        Output<?> shortcut =
            channels == width
                ? x
                : normalized(name + "shortcut", "", x, channels, width, 1, stride);
        x = relu(model.node("AddV2", y, shortcut));
        channels = width;
      }
    }
    Output<?> logits = model.dense("dense", meanOverPositions(x), channels, 10);
    return model.minimize(model.crossEntropy(logits, images, 10), Optimizer.MOMENTUM);
  }

  private Output<?> block(
      String name, String number, Output<?> x, int channels, int outputs, int stride) {
    Output<?> y = convolution(name + "conv" + number, x, channels, outputs, 3, stride);
    return normalize(y, name + "scale" + number, name + "shift" + number, outputs);
  }

  private Output<?> normalized(
      String name, String number, Output<?> x, int channels, int outputs, int kernel, int stride) {
    Output<?> y = convolution(name, x, channels, outputs, kernel, stride);
    return normalize(y, name + ".scale" + number, name + ".shift" + number, outputs);
  }

  private Output<?> normalize(Output<?> x, String scale, String shift, int channels) {
    Output<?> none = model.constant(new float[0], 0);
    GraphOperation norm =
        model.operation(
            "FusedBatchNormV3",
            builder -> builder.setAttr("epsilon", EPSILON).setAttr("is_training", true),
            x,
            model.scale(scale, channels),
            model.bias(shift, channels),
            none,
            none);
    return norm.output(0);
  }

  private Output<?> biased(
      String name, Output<?> x, int channels, int outputs, int kernel, int stride) {
    Output<?> y = convolution(name, x, channels, outputs, kernel, stride);
    return model.node("BiasAdd", y, model.bias(name + ".b", outputs));
  }

  private Output<?> convolution(
      String name, Output<?> x, int channels, int outputs, int kernel, int stride) {
    int positions = kernel * kernel;
    float[] kernels =
        Values.weight(name + ".w", outputs * channels * positions, channels * positions);
    Output<?> weight =
        model.weight(
            outputsLast(kernels, outputs, channels, positions), kernel, kernel, channels, outputs);
    int padding = kernel / 2;
    if (stride == 1) {
      return convolution(x, weight, stride, "SAME");
    }
    // Its gradient knows no explicit paddings.
    return convolution(padding == 0 ? x : padded(x, padding), weight, stride, "VALID");
  }

  private Output<?> convolution(Output<?> x, Output<?> weight, int stride, String padding) {
    return model.node(
        "Conv2D",
        builder ->
            builder
                .setAttr("strides", new long[] {1, stride, stride, 1})
                .setAttr("padding", padding),
        x,
        weight);
  }

  private Output<?> padded(Output<?> x, int by) {
    Output<?> paddings =
        model.node("Reshape", model.vector(0, 0, by, by, by, by, 0, 0), model.vector(4, 2));
    return model.node("Pad", x, paddings);
  }

  private Output<?> pool(Output<?> x, int size, int stride) {
    return model.node(
        "MaxPool",
        builder ->
            builder
                .setAttr("ksize", new long[] {1, size, size, 1})
                .setAttr("strides", new long[] {1, stride, stride, 1})
                .setAttr("padding", "VALID"),
        x);
  }

  private Output<?> relu(Output<?> x) {
    return model.node("Relu", x);
  }

  private Output<?> meanOverPositions(Output<?> x) {
    return model.node("Mean", x, model.vector(1, 2));
  }

  private Output<?> images(int count, int channels, int side) {
    float[] elements = Values.input("image", count * channels * side * side);
    return model.input(
        channelsLast(elements, count, channels, side * side, 1), count, side, side, channels);
  }

  /**
   * From {@code [count, channels, positions, inner]} to {@code [count, positions, channels,
   * inner]}.
   */
  private static float[] channelsLast(
      float[] elements, int count, int channels, int positions, int inner) {
    float[] turned = new float[elements.length];
    for (int i = 0; i < count; i++) {
      for (int channel = 0; channel < channels; channel++) {
        for (int position = 0; position < positions; position++) {
          System.arraycopy(
              elements,
              ((i * channels + channel) * positions + position) * inner,
              turned,
              ((i * positions + position) * channels + channel) * inner,
              inner);
        }
      }
    }
    return turned;
  }

  /** From {@code [outputs, channels, positions]} to {@code [positions, channels, outputs]}. */
  private static float[] outputsLast(float[] elements, int outputs, int channels, int positions) {
    float[] turned = new float[elements.length];
    for (int output = 0; output < outputs; output++) {
      for (int channel = 0; channel < channels; channel++) {
        for (int position = 0; position < positions; position++) {
          turned[(position * channels + channel) * outputs + output] =
              elements[(output * channels + channel) * positions + position];
        }
      }
    }
    return turned;
  }
}

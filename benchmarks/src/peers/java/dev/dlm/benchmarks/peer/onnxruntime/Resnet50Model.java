package dev.dlm.benchmarks.peer.onnxruntime;

import java.util.List;

/** ResNet-50 with the normalizations folded. */
final class Resnet50Model {
  private static final int[] BLOCKS = {3, 4, 6, 3};

  private final OnnxModel model = new OnnxModel();

  private Resnet50Model() {}

  static OnnxModel build() {
    return new Resnet50Model().whole();
  }

  private OnnxModel whole() {
    String image = model.input("image", 1, 3, 224, 224);
    String x = relu(convolution("stem", image, 3, 64, 7, 2));
    x =
        model.node(
            "MaxPool",
            List.of(x),
            Attribute.of("kernel_shape", 3, 3),
            Attribute.of("pads", 1, 1, 1, 1),
            Attribute.of("strides", 2, 2));
    int channels = 64;
    for (int stage = 0; stage < BLOCKS.length; stage++) {
      int width = 64 << stage;
      for (int i = 0; i < BLOCKS[stage]; i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        x = block("stage[" + stage + "].block[" + i + "].", x, channels, width, stride);
        channels = 4 * width;
      }
    }
    x = model.node("Flatten", List.of(model.node("GlobalAveragePool", List.of(x))));
    String weight = model.weight("dense.w", channels, 1000);
    model.node("", "Gemm", List.of(x, weight, model.bias("dense.b", 1000)), List.of("logits"));
    model.output("logits", 1, 1000);
    return model;
  }

  private String block(String name, String x, int channels, int width, int stride) {
    String y = relu(convolution(name + "conv1", x, channels, width, 1, 1));
    y = relu(convolution(name + "conv2", y, width, width, 3, stride));
    y = convolution(name + "conv3", y, width, 4 * width, 1, 1);
    String shortcut =
        channels == 4 * width
            ? x
            : convolution(name + "shortcut", x, channels, 4 * width, 1, stride);
    return relu(model.node("Add", List.of(y, shortcut)));
  }

  private String convolution(
      String name, String x, int channels, int outputs, int kernel, int stride) {
    int pad = kernel / 2;
    String weight = model.weight(name + ".w", outputs, channels, kernel, kernel);
    return model.node(
        "Conv",
        List.of(x, weight, model.bias(name + ".b", outputs)),
        Attribute.of("kernel_shape", kernel, kernel),
        Attribute.of("pads", pad, pad, pad, pad),
        Attribute.of("strides", stride, stride));
  }

  private String relu(String x) {
    return model.node("Relu", List.of(x));
  }
}

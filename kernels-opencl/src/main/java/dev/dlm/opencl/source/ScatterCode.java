package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Scatter;
import dev.dlm.plan.Step;
import dev.dlm.runtime.device.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@link Scatter}: a copy of the tensor, unless the result has its bytes; then one work item for
 * each coordinate that is not indexed, which takes the updates of its elements in order.
 */
final class ScatterCode implements StepCode {
  private static final int GROUP = 64;

  private final Scatter op;
  private final Step step;
  private final TensorType x;
  private final TensorType indices;
  private final List<Integer> remaining;
  private final Shape lanes;
  private final StepCode copy;
  private final KernelCode update;

  private ScatterCode(Scatter op, Step step) {
    this.op = op;
    this.step = step;
    this.x = step.operand(0).type();
    this.indices = step.operand(1).type();
    this.remaining =
        IntStream.range(op.batch(), x.rank())
            .filter(axis -> !op.axes().contains(axis))
            .boxed()
            .toList();
    this.lanes = x.shape().without(op.axes());
    this.copy = CopyCode.ofFirstOperand(step);
    this.update = updateCode();
  }

  static StepCode of(Scatter op, Step step) {
    return new ScatterCode(op, step);
  }

  private KernelCode updateCode() {
    KernelWriter writer = new KernelWriter(step);
    writer.line("INDEX lane = get_global_id(0);");
    writer.line("if (lane >= " + writer.size(lanes.count()) + ") return;");
    List<String> at = writer.coordinates("lane", "i", lanes.dims());
    List<String> batch = at.subList(0, op.batch());
    List<String> inner = at.subList(op.batch(), at.size());
    Shape batchShape = new Shape(x.shape().dims().subList(0, op.batch()));
    Shape innerShape = new Shape(remaining.stream().map(x::dim).toList());
    Dim tuples = new Shape(indices.shape().dims().subList(op.batch(), indices.rank() - 1)).count();
    writer.line("INDEX batch = " + writer.linear(Dim.ZERO, batchShape.strides(), batch) + ";");
    writer.line("INDEX inner = " + writer.linear(Dim.ZERO, innerShape.strides(), inner) + ";");
    writer.line("for (INDEX t = 0; t < " + writer.size(tuples) + "; t++) {");
    writer.line("INDEX tuple = batch * " + writer.size(tuples) + " + t;");
    List<String> places = new ArrayList<>(batch);
    List<String> conditions = new ArrayList<>();
    int next = 0;
    for (int axis = op.batch(); axis < x.rank(); axis++) {
      int number = op.axes().indexOf(axis);
      if (number < 0) {
        places.add(inner.get(next++));
      } else {
        String place = "a" + axis;
        String position =
            writer.linear(Dim.of(number), List.of(Dim.of(op.axes().size())), List.of("tuple"));
        writer.line("long " + place + " = " + writer.load(1, position) + ";");
        conditions.add(place + " >= 0 && " + place + " < " + writer.size(x.dim(axis)));
        places.add("(INDEX)" + place);
      }
    }
    writer.line("if (" + String.join(" && ", conditions) + ") {");
    writer.line("INDEX to = " + writer.linear(Dim.ZERO, x.shape().strides(), places) + ";");
    String type = ElementCode.valueType(x.dtype());
    String from =
        writer.linear(Dim.ZERO, List.of(innerShape.count(), Dim.ONE), List.of("tuple", "inner"));
    writer.line(type + " value = " + writer.load(2, from) + ";");
    op.kind()
        .combiner()
        .ifPresent(combiner -> {
          writer.line(type + " old = " + writer.load(step.reads().size(), "to") + ";");
          String combined =
              ScalarCode.apply(combiner, x.dtype(), x.dtype(), List.of("old", "value"));
          writer.line("value = " + combined + ";");
        });
    writer.store(step.reads().size(), "to", "value");
    writer.line("}");
    writer.line("}");
    return writer.build("scatter");
  }

  @Override
  public List<Launch> launches(Sizes sizes) {
    List<Launch> launches = new ArrayList<>();
    if (sizes.of(x.shape().count()) > 0) {
      launches.addAll(copy.launches(sizes));
      launches.add(Launch.flat(update, sizes.of(lanes.count()), GROUP));
    }
    return launches;
  }
}

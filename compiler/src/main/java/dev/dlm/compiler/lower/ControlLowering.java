package dev.dlm.compiler.lower;

import dev.dlm.compiler.memory.DraftStep;
import dev.dlm.ir.Body;
import dev.dlm.ir.DType;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import dev.dlm.plan.BodyVariables;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.WhileKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Lowers the control flow of one body: each body inside becomes a program whose variables are the
 * carries and captured values, and whose arena is one more tensor that the step writes, so that the
 * arena of the whole counts it. Used by one thread.
 */
final class ControlLowering {
  private int nextId;

  /**
   * Begins.
   *
   * @param body what the nodes stand in
   */
  ControlLowering(Body body) {
    this.nextId = body.countValues();
  }

  /** The step of a node, if it is control flow. */
  Optional<DraftStep> lower(Node node) {
    return switch (node.op()) {
      case Scan scan -> Optional.of(lower(node, scan));
      case While loop -> Optional.of(lower(node, loop));
      case Cond cond -> Optional.of(lower(node, cond));
      default -> Optional.empty();
    };
  }

  private DraftStep lower(Node node, Scan scan) {
    Body body = scan.body();
    int firstCapture = scan.carries() + scan.scanned();
    List<Value> carries = body.parameters().subList(0, scan.carries());
    List<Value> slices = body.parameters().subList(scan.carries(), firstCapture);
    List<Value> captures = body.parameters().subList(firstCapture, body.parameters().size());
    List<Value> next = body.results().subList(0, scan.carries());
    List<Value> elements = body.results().subList(scan.carries(), body.results().size());
    Program program =
        PlanLowering.program(
            new Signature(
                "body",
                names(slices, BodyVariables::slice),
                joined(names(carries, BodyVariables::carry), captureNames(captures)),
                new Body(
                    joined(slices, joined(carries, captures)),
                    body.nodes(),
                    joined(elements, next)),
                names(elements, BodyVariables::element),
                names(next, BodyVariables::carry),
                List.of()));
    return step(
        node,
        new ScanKernel(program, scan.carries(), scan.scanned(), scan.length(), scan.reverse()),
        List.of(program));
  }

  private DraftStep lower(Node node, While loop) {
    List<Value> next = loop.body().results();
    Program condition =
        PlanLowering.program(
            new Signature(
                "condition",
                List.of(),
                carriesAndCaptures(loop.condition(), loop.carries()),
                loop.condition(),
                List.of(BodyVariables.element(0)),
                List.of(),
                List.of()));
    Program body =
        PlanLowering.program(
            new Signature(
                "body",
                List.of(),
                carriesAndCaptures(loop.body(), loop.carries()),
                loop.body(),
                List.of(),
                names(next, BodyVariables::carry),
                List.of()));
    return step(
        node,
        new WhileKernel(condition, body, loop.carries(), loop.limit()),
        List.of(condition, body));
  }

  private DraftStep lower(Node node, Cond cond) {
    Program whenTrue = branch("true", cond.whenTrue());
    Program whenFalse = branch("false", cond.whenFalse());
    return step(node, new CondKernel(whenTrue, whenFalse), List.of(whenTrue, whenFalse));
  }

  private static Program branch(String name, Body body) {
    return PlanLowering.program(
        new Signature(
            name,
            List.of(),
            captureNames(body.parameters()),
            body,
            List.of(),
            names(body.results(), BodyVariables::result),
            List.of()));
  }

  private DraftStep step(Node node, Kernel kernel, List<Program> programs) {
    List<Value> writes = new ArrayList<>(node.results());
    for (Program program : programs) {
      Shape bytes = new Shape(List.of(program.arenaBytes()));
      writes.add(new Value(nextId++, new TensorType(DType.U8, bytes)));
    }
    return new DraftStep(kernel, node.operands(), writes, node.location());
  }

  private static List<String> carriesAndCaptures(Body body, int carries) {
    List<Value> parameters = body.parameters();
    return joined(
        names(parameters.subList(0, carries), BodyVariables::carry),
        captureNames(parameters.subList(carries, parameters.size())));
  }

  private static List<String> captureNames(List<Value> captures) {
    return names(captures, BodyVariables::capture);
  }

  private static List<String> names(List<Value> values, IntFunction<String> name) {
    return IntStream.range(0, values.size()).mapToObj(name).toList();
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }
}

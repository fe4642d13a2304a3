package dev.dlm.proto;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Guard;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Variable;
import dev.dlm.op.CompositeOp;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Plan;
import dev.dlm.plan.PlanInvariants;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.plan.WhileKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plans as bytes of the form {@code dlm.v1.PlanFile}. Equal plans give equal bytes. Thread-safe.
 *
 * <p>Decoding is part of a service's start, so it goes by loops: each lambda would cost a class
 * that the JVM makes while it runs.
 */
public final class PlanCodec {
  private PlanCodec() {}

  /** The bytes of a plan. */
  public static byte[] encode(Plan plan) {
    LocationEncoder locations = new LocationEncoder();
    PlanMessages.Plan.Builder message = PlanMessages.Plan.newBuilder().setName(plan.name());
    plan.variables()
        .forEach(variable -> message.addVariables(GraphCodec.encode(variable, locations)));
    plan.programs().forEach(program -> message.addPrograms(encode(program, locations)));
    return PlanMessages.PlanFile.newBuilder()
        .setVersion(Malformed.VERSION)
        .setPlan(message)
        .addAllLocations(locations.table())
        .build()
        .toByteArray();
  }

  /**
   * The plan of the given bytes, with all its references checked.
   *
   * @throws GraphException with code {@code bytes-invalid}, {@code bytes-version}, {@code
   *     unknown-op} or {@code graph-invalid}
   */
  public static Plan decode(byte[] bytes) {
    PlanMessages.PlanFile file = Malformed.parse(PlanMessages.PlanFile.parser(), bytes);
    Malformed.checkVersion(file.getVersion());
    LocationDecoder locations = new LocationDecoder(file.getLocationsList());
    PlanMessages.Plan message = file.getPlan();
    List<Variable> variables = new ArrayList<>();
    for (GraphMessages.Variable variable : message.getVariablesList()) {
      variables.add(GraphCodec.decode(variable, locations));
    }
    List<Program> programs = new ArrayList<>();
    for (PlanMessages.Program program : message.getProgramsList()) {
      programs.add(decode(program, locations, 0));
    }
    Plan plan = new Plan(message.getName(), variables, programs);
    Optional<PlanInvariants.Violation> violation = PlanInvariants.findViolation(plan);
    if (violation.isPresent()) {
      throw Malformed.unsound(violation.get().message(), violation.get().location());
    }
    return plan;
  }

  private static PlanMessages.Program encode(Program program, LocationEncoder locations) {
    PlanMessages.Program.Builder message =
        PlanMessages.Program.newBuilder()
            .setName(program.name())
            .setArenaBytes(TypeCodec.encode(program.arenaBytes()));
    program.inputs().forEach(port -> message.addInputs(encode(port)));
    program.outputs().forEach(port -> message.addOutputs(encode(port)));
    program.updates().forEach(port -> message.addUpdates(encode(port)));
    program.guards().forEach(guard -> message.addGuards(GraphCodec.encode(guard, locations)));
    program.constants().forEach(tensor -> message.addConstants(TypeCodec.encode(tensor)));
    program.buffers().forEach(buffer -> message.addBuffers(encode(buffer)));
    program.steps().forEach(step -> message.addSteps(encode(step, locations)));
    return message.build();
  }

  private static Program decode(
      PlanMessages.Program program, LocationDecoder locations, int depth) {
    if (depth > GraphInvariants.MAX_DEPTH) {
      throw Malformed.failure("a program is nested too deeply");
    }
    List<Guard> guards = new ArrayList<>();
    for (GraphMessages.Guard guard : program.getGuardsList()) {
      guards.add(GraphCodec.decode(guard, locations));
    }
    List<HostTensor> constants = new ArrayList<>();
    for (GraphMessages.Tensor constant : program.getConstantsList()) {
      constants.add(TypeCodec.decode(constant));
    }
    List<Buffer> buffers = new ArrayList<>();
    for (PlanMessages.Buffer buffer : program.getBuffersList()) {
      buffers.add(decode(buffer));
    }
    List<Step> steps = new ArrayList<>();
    for (PlanMessages.Step step : program.getStepsList()) {
      steps.add(decode(step, locations, depth));
    }
    return new Program(
        program.getName(),
        ports(program.getInputsList()),
        ports(program.getOutputsList()),
        ports(program.getUpdatesList()),
        guards,
        constants,
        buffers,
        steps,
        TypeCodec.decode(program.getArenaBytes()));
  }

  private static PlanMessages.Port encode(Program.Port port) {
    return PlanMessages.Port.newBuilder().setName(port.name()).setView(encode(port.view())).build();
  }

  private static List<Program.Port> ports(List<PlanMessages.Port> ports) {
    List<Program.Port> decoded = new ArrayList<>();
    for (PlanMessages.Port port : ports) {
      decoded.add(new Program.Port(port.getName(), decode(port.getView())));
    }
    return decoded;
  }

  private static PlanMessages.View encode(View view) {
    return PlanMessages.View.newBuilder()
        .setBuffer(view.buffer())
        .setType(TypeCodec.encode(view.type()))
        .build();
  }

  private static List<View> views(List<PlanMessages.View> views) {
    List<View> decoded = new ArrayList<>();
    for (PlanMessages.View view : views) {
      decoded.add(decode(view));
    }
    return decoded;
  }

  private static View decode(PlanMessages.View view) {
    return new View(view.getBuffer(), TypeCodec.decode(view.getType()));
  }

  private static PlanMessages.Buffer encode(Buffer buffer) {
    PlanMessages.Buffer.Builder message =
        PlanMessages.Buffer.newBuilder().setSizeBytes(TypeCodec.encode(buffer.sizeBytes()));
    switch (buffer.storage()) {
      case Storage.Arena arena ->
          message.setArenaOffsetBytes(TypeCodec.encode(arena.offsetBytes()));
      case Storage.OfVariable variable -> message.setVariable(variable.name());
      case Storage.Constant constant -> message.setConstant(constant.index());
    }
    return message.build();
  }

  private static Buffer decode(PlanMessages.Buffer buffer) {
    Storage storage =
        switch (buffer.getStorageCase()) {
          case ARENA_OFFSET_BYTES ->
              new Storage.Arena(TypeCodec.decode(buffer.getArenaOffsetBytes()));
          case VARIABLE -> new Storage.OfVariable(buffer.getVariable());
          case CONSTANT -> new Storage.Constant(buffer.getConstant());
          case STORAGE_NOT_SET -> throw Malformed.failure("a buffer without a place");
        };
    return new Buffer(TypeCodec.decode(buffer.getSizeBytes()), storage);
  }

  private static PlanMessages.Step encode(Step step, LocationEncoder locations) {
    PlanMessages.Step.Builder message =
        PlanMessages.Step.newBuilder().setLocation(locations.number(step.location()));
    step.reads().forEach(view -> message.addReads(encode(view)));
    step.writes().forEach(view -> message.addWrites(encode(view)));
    switch (step.kernel()) {
      case LoopKernel loop -> message.setLoop(KernelCodec.encode(loop));
      case OpKernel kernel -> {
        PlanMessages.OpKernel.Builder op = message.getOpBuilder();
        op.setOp(OpCodec.encode(kernel.op(), locations));
        kernel.epilogue().ifPresent(epilogue -> op.setEpilogue(KernelCodec.encode(epilogue)));
      }
      case CompositeKernel composite ->
          message
              .getCompositeBuilder()
              .setOp(OpCodec.encode(composite.op(), locations))
              .setExpansion(encode(composite.expansion(), locations));
      case ScanKernel scan ->
          message
              .getScanBuilder()
              .setBody(encode(scan.body(), locations))
              .setCarries(scan.carries())
              .setScanned(scan.scanned())
              .setLength(TypeCodec.encode(scan.length()))
              .setReverse(scan.reverse());
      case WhileKernel loop ->
          message
              .getLoopWhileBuilder()
              .setCondition(encode(loop.condition(), locations))
              .setBody(encode(loop.body(), locations))
              .setCarries(loop.carries())
              .setLimit(loop.limit());
      case CondKernel cond ->
          message
              .getCondBuilder()
              .setWhenTrue(encode(cond.whenTrue(), locations))
              .setWhenFalse(encode(cond.whenFalse(), locations));
    }
    return message.build();
  }

  private static Step decode(PlanMessages.Step step, LocationDecoder locations, int depth) {
    Kernel kernel =
        switch (step.getKernelCase()) {
          case LOOP -> KernelCodec.decode(step.getLoop());
          case OP ->
              new OpKernel(
                  OpCodec.decode(step.getOp().getOp(), locations, 0),
                  step.getOp().hasEpilogue()
                      ? Optional.of(KernelCodec.decode(step.getOp().getEpilogue()))
                      : Optional.empty());
          case COMPOSITE ->
              new CompositeKernel(
                  compositeOp(step.getComposite().getOp(), locations),
                  decode(step.getComposite().getExpansion(), locations, depth + 1));
          case SCAN ->
              new ScanKernel(
                  decode(step.getScan().getBody(), locations, depth + 1),
                  step.getScan().getCarries(),
                  step.getScan().getScanned(),
                  TypeCodec.decode(step.getScan().getLength()),
                  step.getScan().getReverse());
          case LOOP_WHILE ->
              new WhileKernel(
                  decode(step.getLoopWhile().getCondition(), locations, depth + 1),
                  decode(step.getLoopWhile().getBody(), locations, depth + 1),
                  step.getLoopWhile().getCarries(),
                  step.getLoopWhile().getLimit());
          case COND ->
              new CondKernel(
                  decode(step.getCond().getWhenTrue(), locations, depth + 1),
                  decode(step.getCond().getWhenFalse(), locations, depth + 1));
          case KERNEL_NOT_SET -> throw Malformed.failure("a step without a kernel");
        };
    return new Step(
        kernel,
        views(step.getReadsList()),
        views(step.getWritesList()),
        locations.at(step.getLocation()));
  }

  private static CompositeOp compositeOp(GraphMessages.Op op, LocationDecoder locations) {
    if (OpCodec.decode(op, locations, 0) instanceof CompositeOp composite) {
      return composite;
    }
    throw Malformed.failure("'" + op.getName() + "' is no composite op");
  }
}

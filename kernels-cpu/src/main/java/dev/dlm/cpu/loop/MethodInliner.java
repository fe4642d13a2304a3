package dev.dlm.cpu.loop;

import dev.dlm.cpu.math.FloatVectorMath;
import dev.dlm.diagnostic.InternalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attribute;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.PseudoInstruction;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Copies the bodies of static methods on vectors into generated code instead of calling them.
 *
 * <p>A vector that is passed to or returned from a call which the JIT does not inline becomes an
 * object on the heap, some ten times slower than the arithmetic; and the JIT does not inline what
 * it has compiled by itself into much code, which depends on what else runs. Copied bodies leave it
 * no choice.
 */
final class MethodInliner {
  private static final List<Class<?>> VECTOR_FREE = List.of(LaneType.class, FloatVectorMath.class);
  private static final ConcurrentMap<String, ClassModel> MODELS = new ConcurrentHashMap<>();

  /** Classes whose static methods are copied wherever they are called. */
  private static final List<String> INLINED =
      List.of("FloatLanes", "IntLanes", "DoubleLanes", "LongLanes", "MaskLanes", "FloatVectorMath");

  private final CodeBuilder code;

  /** A local of a copied method; a slot may serve several, of different kinds. */
  private record Local(int slot, TypeKind kind) {}

  MethodInliner(CodeBuilder code) {
    this.code = code;
  }

  /** Replaces arguments on the stack by the method's result. */
  void call(ClassDesc owner, String name, MethodTypeDesc type) {
    copy(body(owner, name, type), type);
  }

  private static CodeModel body(ClassDesc owner, String name, MethodTypeDesc type) {
    return model(owner).methods().stream()
        .filter(method -> method.methodName().equalsString(name))
        .filter(method -> method.methodTypeSymbol().equals(type))
        .findFirst()
        .flatMap(method -> method.code())
        .orElseThrow(
            () -> new InternalException("no method " + owner + "." + name + " of " + type));
  }

  private static ClassModel model(ClassDesc owner) {
    return MODELS.computeIfAbsent(owner.displayName(), name -> read(owner));
  }

  private static ClassModel read(ClassDesc owner) {
    String file = owner.displayName() + ".class";
    for (Class<?> neighbour : VECTOR_FREE) {
      if (neighbour.getPackageName().equals(owner.packageName())) {
        try (InputStream bytes = neighbour.getResourceAsStream(file)) {
          if (bytes != null) {
            return ClassFile.of().parse(bytes.readAllBytes());
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new InternalException("the class file of " + owner.displayName() + " is missing");
  }

  private void copy(CodeModel body, MethodTypeDesc type) {
    Map<Local, Integer> locals = new HashMap<>();
    storeArguments(type, locals);
    Map<Label, Label> labels = new HashMap<>();
    Label end = code.newLabel();
    List<CodeElement> elements =
        body.elementList().stream().filter(MethodInliner::isCopied).toList();
    for (int i = 0; i < elements.size(); i++) {
      boolean isLast = i == elements.size() - 1;
      switch (elements.get(i)) {
        case LoadInstruction load ->
            code.loadLocal(load.typeKind(), local(locals, load.slot(), load.typeKind()));
        case StoreInstruction store ->
            code.storeLocal(store.typeKind(), local(locals, store.slot(), store.typeKind()));
        case IncrementInstruction increment ->
            code.iinc(local(locals, increment.slot(), TypeKind.INT), increment.constant());
        case LabelTarget target ->
            code.labelBinding(labels.computeIfAbsent(target.label(), l -> code.newLabel()));
        case BranchInstruction branch ->
            code.branch(
                branch.opcode(), labels.computeIfAbsent(branch.target(), l -> code.newLabel()));
        case ReturnInstruction _ -> {
          if (!isLast) {
            code.goto_(end);
          }
        }
        case InvokeInstruction invoke when isInlined(invoke) ->
            call(invoke.owner().asSymbol(), invoke.name().stringValue(), invoke.typeSymbol());
        case CodeElement other -> code.with(other);
      }
    }
    code.labelBinding(end);
  }

  private static boolean isCopied(CodeElement element) {
    return element instanceof LabelTarget
        || !(element instanceof PseudoInstruction || element instanceof Attribute);
  }

  /** Whether a call is one of a method that is copied. */
  static boolean isInlined(InvokeInstruction invoke) {
    return INLINED.contains(invoke.owner().asSymbol().displayName());
  }

  private void storeArguments(MethodTypeDesc type, Map<Local, Integer> locals) {
    int slot = 0;
    for (ClassDesc parameter : type.parameterList()) {
      TypeKind kind = TypeKind.from(parameter).asLoadable();
      local(locals, slot, kind);
      slot += kind.slotSize();
    }
    for (int i = type.parameterCount() - 1; i >= 0; i--) {
      TypeKind kind = TypeKind.from(type.parameterType(i)).asLoadable();
      slot -= kind.slotSize();
      code.storeLocal(kind, local(locals, slot, kind));
    }
  }

  private int local(Map<Local, Integer> locals, int slot, TypeKind kind) {
    return locals.computeIfAbsent(new Local(slot, kind), l -> code.allocateLocal(kind));
  }
}

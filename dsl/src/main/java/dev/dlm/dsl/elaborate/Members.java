package dev.dlm.dsl.elaborate;

import dev.dlm.ir.Variable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What stands behind a dot. */
final class Members {
  private static final List<String> OF_TENSOR = List.of("dtype", "rank", "shape");

  private Members() {}

  static Optional<Meaning> find(Frame frame, Meaning target, String member) {
    return switch (target) {
      case Meaning.Imported imported -> Resolver.findInModule(frame, imported.module(), member);
      case Meaning.ModelInstance model -> model.members().findHere(member);
      case Meaning.Instance instance -> ofInstance(frame, instance, member);
      case Meaning.Tensor tensor -> ofTensor(tensor, member);
      case Meaning.Size _,
          Meaning.Real _,
          Meaning.Truth _,
          Meaning.Text _,
          Meaning.ElementType _,
          Meaning.Sequence _,
          Meaning.UserFunction _,
          Meaning.Primitive _,
          Meaning.Maker _,
          Meaning.ModelMaker _,
          Meaning.Poison _ ->
          Optional.empty();
    };
  }

  private static Optional<Meaning> ofInstance(
      Frame frame, Meaning.Instance instance, String member) {
    Optional<Variable> variable = frame.run().variables().find(instance.owner().pathOf(member));
    if (variable.isPresent()) {
      return variable.map(v -> new Tensors(frame).read(v, v.location()));
    }
    return instance.construction().findHere(member);
  }

  private static Optional<Meaning> ofTensor(Meaning.Tensor tensor, String member) {
    return switch (member) {
      case "shape" -> Optional.of(Meaning.Sequence.ofSizes(tensor.value().shape().dims()));
      case "dtype" -> Optional.of(new Meaning.ElementType(tensor.value().dtype()));
      case "rank" -> Optional.of(Meaning.Size.of(tensor.value().rank()));
      default -> Optional.empty();
    };
  }

  /** The members that {@code target} has, as far as they have names. */
  static Collection<String> names(Meaning target) {
    Set<String> names = new TreeSet<>();
    switch (target) {
      case Meaning.Imported imported -> names.addAll(imported.module().declaredNames());
      case Meaning.ModelInstance model -> names.addAll(model.members().names());
      case Meaning.Instance instance -> names.addAll(instance.construction().names());
      case Meaning.Tensor _ -> names.addAll(OF_TENSOR);
      case Meaning.Size _,
          Meaning.Real _,
          Meaning.Truth _,
          Meaning.Text _,
          Meaning.ElementType _,
          Meaning.Sequence _,
          Meaning.UserFunction _,
          Meaning.Primitive _,
          Meaning.Maker _,
          Meaning.ModelMaker _,
          Meaning.Poison _ -> {}
    }
    return names;
  }
}

package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Location;
import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import java.util.List;
import java.util.Map;

/** What an expression stands for while a file is elaborated. */
sealed interface Meaning {

  /** The kind in words, with an article, for messages. */
  String kind();

  /**
   * A tensor of the graph.
   *
   * @param traced the value and the body in which it was made
   * @param maker what made it, for example {@code flatten} or {@code input image}
   * @param origin where it was made
   */
  record Tensor(TracedValue traced, String maker, Location origin) implements Meaning {
    @Override
    public String kind() {
      return "a tensor " + type();
    }

    /** The value in the body that is traced now. */
    Value value() {
      return traced.here();
    }

    TensorType type() {
      return traced.type();
    }

    /** This tensor as the result of {@code call}. */
    Tensor madeBy(String call, Location where) {
      return new Tensor(traced, call, where);
    }
  }

  /** A whole number: an {@code int}, or a size that may be symbolic. */
  record Size(Dim dim) implements Meaning {
    static Size of(long value) {
      return new Size(Dim.of(value));
    }

    @Override
    public String kind() {
      return dim.isConstant() ? "an int" : "a size";
    }

    @Override
    public String toString() {
      return dim.toString();
    }
  }

  /** A {@code float}. */
  record Real(double value) implements Meaning {
    @Override
    public String kind() {
      return "a float";
    }

    @Override
    public String toString() {
      return Double.toString(value);
    }
  }

  /** A {@code bool}. */
  record Truth(boolean value) implements Meaning {
    @Override
    public String kind() {
      return "a bool";
    }

    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /** A {@code string}. */
  record Text(String value) implements Meaning {
    @Override
    public String kind() {
      return "a string";
    }

    @Override
    public String toString() {
      return '"' + value + '"';
    }
  }

  /** An element type. */
  record ElementType(DType dtype) implements Meaning {
    @Override
    public String kind() {
      return "a dtype";
    }

    @Override
    public String toString() {
      return dtype.text();
    }
  }

  /** A list, and the several results of a call. */
  record Sequence(List<Meaning> elements) implements Meaning {
    public Sequence {
      elements = List.copyOf(elements);
    }

    static Sequence ofSizes(List<Dim> dims) {
      return new Sequence(dims.stream().<Meaning>map(Size::new).toList());
    }

    @Override
    public String kind() {
      return "a list";
    }

    @Override
    public String toString() {
      return elements.toString();
    }
  }

  /** A function written in the language. */
  record UserFunction(Declaration.Function declaration, Module module) implements Meaning {
    @Override
    public String kind() {
      return "a function";
    }

    @Override
    public String toString() {
      return module.qualify(declaration.name().text());
    }
  }

  /** A function that the language itself brings. */
  record Primitive(String name, PrimitiveFunction function) implements Meaning {
    @Override
    public String kind() {
      return "a function";
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A layer, initializer, optimizer, schedule or clip, not made yet. */
  record Maker(Declaration.Component declaration, Module module) implements Meaning {
    @Override
    public String kind() {
      return withArticle(declaration.kind().keyword()) + " that is not made yet";
    }

    @Override
    public String toString() {
      return module.qualify(declaration.name().text());
    }
  }

  /**
   * A layer, initializer, optimizer, schedule or clip that was made.
   *
   * @param construction what its construction parameters and statements are bound to
   * @param owner what its weights and inner layers are named under
   * @param arguments its construction arguments as written or by default, for messages
   */
  record Instance(Maker maker, Scope construction, Owner owner, Map<String, Meaning> arguments)
      implements Meaning {
    @Override
    public String kind() {
      return withArticle(maker.declaration.kind().keyword());
    }

    @Override
    public String toString() {
      return maker.toString();
    }
  }

  /** A model, not made yet. */
  record ModelMaker(Declaration.Model declaration, Module module) implements Meaning {
    @Override
    public String kind() {
      return "a model";
    }

    @Override
    public String toString() {
      return module.qualify(declaration.name().text());
    }
  }

  /** A model that was made in a test; its members are its inputs, outputs, losses and metrics. */
  record ModelInstance(ModelMaker maker, Scope members) implements Meaning {
    @Override
    public String kind() {
      return "a model";
    }

    @Override
    public String toString() {
      return maker.toString();
    }
  }

  /** An imported module. */
  record Imported(Module module) implements Meaning {
    @Override
    public String kind() {
      return "a module";
    }

    @Override
    public String toString() {
      return module.name();
    }
  }

  /** What a mistake left behind; using it is no further mistake. */
  record Poison() implements Meaning {
    @Override
    public String kind() {
      return "unknown";
    }
  }

  private static String withArticle(String noun) {
    return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }
}

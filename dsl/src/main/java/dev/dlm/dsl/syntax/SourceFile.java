package dev.dlm.dsl.syntax;

import java.util.List;

/** A file as read: its name and its declarations, in source order. */
public record SourceFile(String name, List<Declaration> declarations) {
  public SourceFile {
    declarations = List.copyOf(declarations);
  }
}

package dev.dlm.cli.show;

/** Writes the DOT language of Graphviz. Used by one thread. */
final class DotWriter {
  private final StringBuilder text = new StringBuilder();

  DotWriter(String name) {
    text.append("digraph ").append(quoted(name)).append(" {\n");
    text.append("  node [shape=box, fontname=\"monospace\", fontsize=10];\n");
    text.append("  edge [fontname=\"monospace\", fontsize=9];\n");
  }

  void beginCluster(int number, String label) {
    text.append("  subgraph cluster_").append(number).append(" {\n");
    text.append("  label=").append(quoted(label)).append(";\n");
  }

  void endCluster() {
    text.append("  }\n");
  }

  void node(String id, String label, boolean isPort) {
    text.append("  ").append(quoted(id)).append(" [label=").append(quoted(label));
    text.append(isPort ? ", shape=ellipse];\n" : "];\n");
  }

  void edge(String from, String to, String label) {
    text.append("  ").append(quoted(from)).append(" -> ").append(quoted(to));
    text.append(" [label=").append(quoted(label)).append("];\n");
  }

  String finish() {
    return text.append("}\n").toString();
  }

  private static String quoted(String plain) {
    return "\"" + plain.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}

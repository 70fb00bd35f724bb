package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.XmlText;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import javax.xml.XMLConstants;
import javax.xml.namespace.NamespaceContext;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/// Documents for XPath, and their nodes as text. Up to eight engines are kept for the next expression. Safe to share.
final class XmlDocuments {
  private static final ArrayBlockingQueue<XPathFactory> FACTORIES = new ArrayBlockingQueue<>(8);

  private XmlDocuments() {}

  /// Names of namespaces are URIs: they have none of the characters that no URI has.
  private static boolean validNamespaces(Node node) {
    NamedNodeMap attributes = node.getAttributes();
    for (int i = 0; attributes != null && i < attributes.getLength(); i++) {
      Node attribute = attributes.item(i);
      boolean declares = attribute.getNodeName().equals("xmlns") || attribute.getNodeName().startsWith("xmlns:");
      if (declares && attribute.getNodeValue().chars().anyMatch(c -> "<>\"{}|\\^`".indexOf(c) >= 0)) {
        return false;
      }
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeType() == Node.ELEMENT_NODE && !validNamespaces(child)) {
        return false;
      }
    }
    return true;
  }

  /// The document for XPath.
  ///
  /// @throws SqlException 2200M when it is none
  static Document parsed(String xml) {
    try {
      Document document = XmlText.parse(xml.stripLeading(), true);
      if (validNamespaces(document.getDocumentElement())) {
        return document;
      }
    } catch (SAXException e) {
      throw new SqlException(SqlState.INVALID_XML_DOCUMENT, "could not parse XML document", e);
    }
    throw new SqlException(SqlState.INVALID_XML_DOCUMENT, "could not parse XML document");
  }

  /// An XPath 1.0 engine. Not for several threads.
  static XPath xpath(Map<String, String> namespaces) {
    XPathFactory known = FACTORIES.poll();
    XPathFactory factory = known == null ? XPathFactory.newDefaultInstance() : known;
    try {
      XPath path = factory.newXPath();
      path.setNamespaceContext(new Prefixes(namespaces));
      return path;
    } finally {
      FACTORIES.offer(factory);
    }
  }

  private record Prefixes(Map<String, String> names) implements NamespaceContext {
    @Override
    public String getNamespaceURI(String prefix) {
      return names.getOrDefault(prefix, XMLConstants.NULL_NS_URI);
    }

    @Override
    public @Nullable String getPrefix(String uri) {
      return names.entrySet().stream().filter(e -> e.getValue().equals(uri)).map(Map.Entry::getKey).findFirst().orElse(null);
    }

    @Override
    public Iterator<String> getPrefixes(String uri) {
      return names.entrySet().stream().filter(e -> e.getValue().equals(uri)).map(Map.Entry::getKey).iterator();
    }
  }

  /// A found node as xml: attributes and text escaped, elements with the namespaces they need.
  static String text(Node node) {
    return switch (node.getNodeType()) {
      case Node.ATTRIBUTE_NODE -> XmlFunctions.escaped(((Attr) node).getValue());
      case Node.TEXT_NODE -> XmlFunctions.escaped(node.getNodeValue());
      default -> {
        StringBuilder out = new StringBuilder();
        write(node, out, true);
        yield out.toString();
      }
    };
  }

  private static void write(Node node, StringBuilder out, boolean top) {
    switch (node.getNodeType()) {
      case Node.TEXT_NODE -> out.append(XmlFunctions.escaped(node.getNodeValue()));
      case Node.CDATA_SECTION_NODE -> out.append("<![CDATA[").append(node.getNodeValue()).append("]]>");
      case Node.COMMENT_NODE -> out.append("<!--").append(node.getNodeValue()).append("-->");
      case Node.PROCESSING_INSTRUCTION_NODE -> {
        out.append("<?").append(node.getNodeName());
        out.append(node.getNodeValue() == null || node.getNodeValue().isEmpty() ? "" : " " + node.getNodeValue()).append("?>");
      }
      case Node.ELEMENT_NODE -> element(node, out, top);
      case Node.ENTITY_REFERENCE_NODE -> out.append('&').append(node.getNodeName()).append(';');
      case Node.DOCUMENT_NODE -> {
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
          write(child, out, false);
        }
        out.append('\n');
      }
      default -> { }
    }
  }

  private static void element(Node node, StringBuilder out, boolean top) {
    out.append('<').append(node.getNodeName());
    if (top) {
      inherited(node).forEach((name, uri) -> attribute(out, name, uri));
    }
    NamedNodeMap attributes = node.getAttributes();
    for (boolean namespaces : new boolean[] {true, false}) {
      for (int i = 0; i < attributes.getLength(); i++) {
        Node attribute = attributes.item(i);
        boolean declares = attribute.getNodeName().equals("xmlns") || attribute.getNodeName().startsWith("xmlns:");
        if (declares == namespaces && ((Attr) attribute).getSpecified()) {
          attribute(out, attribute.getNodeName(), attribute.getNodeValue());
        }
      }
    }
    if (node.getFirstChild() == null) {
      out.append("/>");
      return;
    }
    out.append('>');
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      write(child, out, false);
    }
    out.append("</").append(node.getNodeName()).append('>');
  }

  /// Declarations of outer elements that the element and those in it use.
  private static Map<String, String> inherited(Node element) {
    Map<String, String> used = new TreeMap<>((a, b) -> a.length() != b.length() ? Integer.compare(b.length(), a.length()) : a.compareTo(b));
    collect(element, element, used);
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      used.remove(element.getAttributes().item(i).getNodeName());
    }
    return used;
  }

  private static void collect(Node top, Node element, Map<String, String> used) {
    use(top, element, used);
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      Node attribute = element.getAttributes().item(i);
      if (attribute.getPrefix() != null && !attribute.getNodeName().startsWith("xmlns") && !attribute.getPrefix().equals("xml")) {
        use(top, attribute, used);
      }
    }
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeType() == Node.ELEMENT_NODE) {
        collect(top, child, used);
      }
    }
  }

  private static void use(Node top, Node node, Map<String, String> used) {
    if (node.getNamespaceURI() == null) {
      return;
    }
    String name = node.getPrefix() == null ? "xmlns" : "xmlns:" + node.getPrefix();
    for (Node outer = top.getParentNode(); outer != null && outer.getNodeType() == Node.ELEMENT_NODE; outer = outer.getParentNode()) {
      Node declared = outer.getAttributes().getNamedItem(name);
      if (declared != null) {
        if (declared.getNodeValue().equals(node.getNamespaceURI())) {
          used.put(name, node.getNamespaceURI());
        }
        return;
      }
    }
  }

  private static void attribute(StringBuilder out, String name, String value) {
    out.append(' ').append(name).append("=\"").append(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        .replace("\"", "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")).append('"');
  }
}

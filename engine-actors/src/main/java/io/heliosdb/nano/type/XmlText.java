package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.StringReader;
import java.util.concurrent.ArrayBlockingQueue;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Checks and parses XML by the JDK's parser. Nothing outside of the text is read: external entities and DTDs are left out, and internal
/// entities may expand only within the JDK's limits for secure processing. Up to eight parsers of each kind are kept for the next text.
/// Safe to share.
public final class XmlText {
  private static final int KEPT_MAX = 8;
  private static final ArrayBlockingQueue<DocumentBuilder> PLAIN = new ArrayBlockingQueue<>(KEPT_MAX);
  private static final ArrayBlockingQueue<DocumentBuilder> WITH_NAMESPACES = new ArrayBlockingQueue<>(KEPT_MAX);

  private XmlText() {}

  private static DocumentBuilder builder(boolean namespaces) {
    try {
      DocumentBuilderFactory factory = namespaces ? DocumentBuilderFactory.newDefaultNSInstance() : DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      return factory.newDocumentBuilder();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Parses a document.
  ///
  /// @param namespaces whether prefixes must be bound
  public static Document parse(String xml, boolean namespaces) throws SAXException {
    ArrayBlockingQueue<DocumentBuilder> kept = namespaces ? WITH_NAMESPACES : PLAIN;
    DocumentBuilder known = kept.poll();
    DocumentBuilder builder = known == null ? builder(namespaces) : known;
    try {
      builder.setErrorHandler(null);
      builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
      return builder.parse(new InputSource(new StringReader(xml)));
    } catch (IOException e) {
      throw new SAXException(e);
    } finally {
      builder.reset();
      kept.offer(builder);
    }
  }

  private static String withoutDeclaration(String xml) {
    String text = xml.stripLeading();
    boolean declared = text.startsWith("<?xml") && text.length() > 5 && Character.isWhitespace(text.charAt(5));
    int end = declared ? text.indexOf("?>") : -1;
    return end < 0 ? text : text.substring(end + 2).stripLeading();
  }

  /// Whether the text is a document; prefixes need not be bound.
  public static boolean isDocument(String xml) {
    try {
      parse(withoutDeclaration(xml), false);
      return true;
    } catch (SAXException e) {
      return false;
    }
  }

  /// Whether the text is a document, or what an element may contain.
  public static boolean isContent(String xml) {
    String text = withoutDeclaration(xml);
    if (hasDocumentType(text)) {
      return isDocument(text);
    }
    try {
      parse("<content>" + text + "</content>", false);
      return true;
    } catch (SAXException e) {
      return false;
    }
  }

  /// A document type declaration after comments, instructions and space makes a document of the text.
  private static boolean hasDocumentType(String xml) {
    int at = 0;
    while (at < xml.length()) {
      String close = xml.startsWith("<!--", at) ? "-->" : xml.startsWith("<?", at) ? "?>" : null;
      if (close == null && !Character.isWhitespace(xml.charAt(at))) {
        return xml.startsWith("<!DOCTYPE", at);
      }
      int end = close == null ? at + 1 : xml.indexOf(close, at + 2);
      at = close == null ? end : end < 0 ? xml.length() : end + close.length();
    }
    return false;
  }

  /// Checks what is to become a value of type xml.
  ///
  /// @throws SqlException 2200M or 2200N
  static String check(String text, IoContext context) {
    boolean document = context.xmlDocument();
    if (document ? !isDocument(text) : !isContent(text)) {
      throw document ? new SqlException(SqlState.INVALID_XML_DOCUMENT, "invalid XML document")
          : new SqlException(SqlState.INVALID_XML_CONTENT, "invalid XML content");
    }
    return text;
  }
}

package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.StringReader;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Checks text of type xml, which is kept as it was written. Content fragments are allowed, as with `XMLOPTION CONTENT`;
/// document type definitions are refused, so that no entity can be expanded.
final class XmlText {
  private XmlText() {}

  static String check(String text) {
    String body = text.strip();
    if (body.startsWith("<?xml")) {
      int end = body.indexOf("?>");
      body = end < 0 ? body : body.substring(end + 2);
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader("<x>" + body + "</x>"));
      while (reader.hasNext()) {
        reader.next();
      }
    } catch (XMLStreamException e) {
      throw new SqlException(SqlState.INVALID_XML_CONTENT, "invalid XML content");
    }
    return text;
  }
}

// The door to libxml2: its pull parser over memory.
#pragma once
#include <libxml/parser.h>
#include <libxml/xmlreader.h>

// Nothing is loaded, nothing expanded, nothing printed; libxml2's own limits of length and depth stay.
static const int cxml_options =
    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
    XML_PARSE_BIG_LINES;
static const int cxml_element = XML_READER_TYPE_ELEMENT;
static const int cxml_element_end = XML_READER_TYPE_END_ELEMENT;
static const int cxml_text = XML_READER_TYPE_TEXT;

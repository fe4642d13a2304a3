/*
 * The .dlm language.
 *
 * Line ends mean nothing: a statement begins with a keyword or with `name =` or `a, b =`, and no operator begins
 * that way, so that no terminator is needed. Comments travel on the hidden channel for the formatter and for the
 * documentation. A keyword that only means something at one place is soft: it stays usable as a name.
 */
grammar Dlm;

options {
  superClass = RecoveringParser;
}

// Every rule lets its error through; only the rules that can go on after one catch it.
@parser::rulecatch {
  catch (RecognitionException exception) {
    throw exception;
  }
}

file: declaration* EOF;

declaration
  : importDeclaration
  | modelDeclaration
  | componentDeclaration
  | functionDeclaration
  | trainDeclaration
  | testDeclaration
  | constantDeclaration
  ;
catch [RecognitionException exception] { recoverAtDeclaration(_localctx, exception); }

importDeclaration: IMPORT (STRING (AS name)? | name (AS name)?);

modelDeclaration: MODEL name parameters? block;

componentDeclaration: componentKind name parameters? componentBody;

componentKind: LAYER | INITIALIZER | OPTIMIZER | SCHEDULE | CLIP;

componentBody: LEFT_BRACE componentMember* RIGHT_BRACE;
catch [RecognitionException exception] { recoverAtBlockEnd(_localctx, exception); }

componentMember: applyDeclaration | statement;
catch [RecognitionException exception] { recoverAtStatement(_localctx, exception); }

applyDeclaration: APPLY parameters resultTypes? (block | EQUALS expression);

functionDeclaration: FUNCTION name parameters resultTypes? (block | EQUALS expression);

trainDeclaration: TRAIN name callArguments? trainBody;

testDeclaration: TEST STRING block;

constantDeclaration: name EQUALS expression;

parameters: LEFT_PARENTHESIS (parameter (COMMA parameter)* COMMA?)? RIGHT_PARENTHESIS;

parameter: name (COLON type)? (EQUALS expression)?;

resultTypes: ARROW (type | LEFT_PARENTHESIS type (COMMA type)* RIGHT_PARENTHESIS);

type: memberName (LEFT_BRACKET (dimension (COMMA dimension)*)? RIGHT_BRACKET)?;

dimension: DOT_DOT name | expression;

block: LEFT_BRACE statement* RIGHT_BRACE;
catch [RecognitionException exception] { recoverAtBlockEnd(_localctx, exception); }

statement
  : INPUT name COLON type                                                              # inputStatement
  | WEIGHT name COLON type EQUALS expression                                           # weightStatement
  | STATE name COLON type EQUALS expression                                            # stateStatement
  | STREAM name COLON type                                                             # streamStatement
  | NEXT name EQUALS expression                                                        # nextStatement
  | OUTPUT name (EQUALS expression)?                                                   # outputStatement
  | LOSS name? EQUALS expression                                                       # lossStatement
  | METRIC name EQUALS expression                                                      # metricStatement
  | ifStatement                                                                        # conditionalStatement
  | REPEAT name IN expression (DOT_DOT expression)? block                              # repeatStatement
  | WHERE expression                                                                   # whereStatement
  | RETURN expression (COMMA expression)*                                              # returnStatement
  | YIELD expression (COMMA expression)*                                               # yieldStatement
  | EXPECT expression (APPROXIMATELY expression (WITHIN expression)?)?                 # expectStatement
  | names EQUALS expression                                                            # bindingStatement
  ;
catch [RecognitionException exception] { recoverAtStatement(_localctx, exception); }

ifStatement: IF expression block (ELSE (ifStatement | block))?;

names: name (COMMA name)*;

trainBody: LEFT_BRACE trainItem* RIGHT_BRACE;
catch [RecognitionException exception] { recoverAtBlockEnd(_localctx, exception); }

trainItem
  : (DATA | VALIDATE) names EQUALS expression                                          # dataItem
  | MINIMIZE expression (OVER expression (COMMA expression)*)?                         # minimizeItem
  | OPTIMIZER expression                                                               # optimizerItem
  | CLIP expression                                                                    # clipItem
  | BATCH expression                                                                   # batchItem
  | EPOCHS expression                                                                  # epochsItem
  | STOP WHEN expression STALLS FOR expression EPOCHS                                  # stopItem
  | STEP trainBody                                                                     # stepItem
  ;
catch [RecognitionException exception] { recoverAtStatement(_localctx, exception); }

expression
  : primary                                                                            # primaryExpression
  | expression DOT memberName                                                          # memberExpression
  | expression callArguments                                                           # callExpression
  | expression LEFT_BRACKET subscript (COMMA subscript)* RIGHT_BRACKET                 # indexExpression
  | expression NAMED pathName                                                          # namedExpression
  | <assoc = right> expression POWER expression                                        # binaryExpression
  | MINUS expression                                                                   # unaryExpression
  | expression (TIMES | DIVIDE | REMAINDER | MATRIX_PRODUCT) expression                # binaryExpression
  | expression (PLUS | MINUS) expression                                               # binaryExpression
  | expression
    (EQUAL | NOT_EQUAL | LESS | LESS_OR_EQUAL | GREATER | GREATER_OR_EQUAL) expression # binaryExpression
  | NOT expression                                                                     # unaryExpression
  | expression AND expression                                                          # binaryExpression
  | expression OR expression                                                           # binaryExpression
  | expression PIPE expression                                                         # pipelineExpression
  ;

primary
  : INTEGER                                                                            # integerLiteral
  | FLOAT                                                                              # floatLiteral
  | STRING                                                                             # stringLiteral
  | (TRUE | FALSE)                                                                     # boolLiteral
  | name                                                                               # nameExpression
  | LEFT_PARENTHESIS expression RIGHT_PARENTHESIS                                      # groupExpression
  | LEFT_BRACKET (expression (comprehension | (COMMA expression)* COMMA?))? RIGHT_BRACKET # listExpression
  | IF expression THEN expression ELSE expression                                      # conditionalExpression
  | SCAN names IN scanned (COMMA scanned)* reversal? axisClause? recomputation? carries? block # scanExpression
  | WHILE expression carries limitClause? block                                        # whileExpression
  | branches                                                                           # condExpression
  ;

scanned: expression (DOT_DOT expression)?;

reversal: REVERSED (WHEN expression)?;

axisClause: OVER AXIS expression;

recomputation: RECOMPUTE (WHEN expression)?;

carries: CARRY carried (COMMA carried)*;

limitClause: LIMIT expression;

branches: COND expression block ELSE (branches | block);

comprehension: FOR name IN expression;

carried: name EQUALS expression;

callArguments: LEFT_PARENTHESIS (argument (COMMA argument)* COMMA?)? RIGHT_PARENTHESIS;

argument: (memberName EQUALS)? expression;

subscript
  : DOT_DOT                                                                            # ellipsisSubscript
  | COLON expression? (COLON expression)?                                              # rangeSubscript
  | expression (COLON expression? (COLON expression)?)?                                # positionSubscript
  ;

pathName: memberName (LEFT_BRACKET expression RIGHT_BRACKET)*;

// A name may be any keyword that only means something at one place.
name
  : IDENTIFIER
  | APPLY | AS | AXIS | BATCH | CARRY | CLIP | DATA | EPOCHS | FOR | INITIALIZER | LIMIT | LOSS | METRIC | MINIMIZE
  | NEXT | OPTIMIZER | OVER | RECOMPUTE | REVERSED | SCHEDULE | STALLS | STATE | STEP | STOP | STREAM | VALIDATE
  | WHEN | WHERE | WITHIN
  ;

// After a dot, and before the `=` of an argument, nothing but a name can stand: every keyword is one there.
memberName
  : name
  | AND | COND | ELSE | EXPECT | FALSE | FUNCTION | IF | IMPORT | IN | INPUT | LAYER | MODEL | NAMED | NOT | OR
  | OUTPUT | REPEAT | RETURN | SCAN | TEST | THEN | TRAIN | TRUE | WEIGHT | WHILE | YIELD
  ;

AND: 'and';
APPLY: 'apply';
AS: 'as';
AXIS: 'axis';
BATCH: 'batch';
CARRY: 'carry';
CLIP: 'clip';
COND: 'cond';
DATA: 'data';
ELSE: 'else';
EPOCHS: 'epochs';
EXPECT: 'expect';
FALSE: 'false';
FOR: 'for';
FUNCTION: 'function';
IF: 'if';
IMPORT: 'import';
IN: 'in';
INITIALIZER: 'initializer';
INPUT: 'input';
LAYER: 'layer';
LIMIT: 'limit';
LOSS: 'loss';
METRIC: 'metric';
MINIMIZE: 'minimize';
MODEL: 'model';
NAMED: 'named';
NEXT: 'next';
NOT: 'not';
OPTIMIZER: 'optimizer';
OR: 'or';
OUTPUT: 'output';
OVER: 'over';
RECOMPUTE: 'recompute';
REPEAT: 'repeat';
RETURN: 'return';
REVERSED: 'reversed';
SCAN: 'scan';
SCHEDULE: 'schedule';
STALLS: 'stalls';
STATE: 'state';
STEP: 'step';
STOP: 'stop';
STREAM: 'stream';
TEST: 'test';
THEN: 'then';
TRAIN: 'train';
TRUE: 'true';
VALIDATE: 'validate';
WEIGHT: 'weight';
WHEN: 'when';
WHERE: 'where';
WHILE: 'while';
WITHIN: 'within';
YIELD: 'yield';

LEFT_BRACE: '{';
RIGHT_BRACE: '}';
LEFT_PARENTHESIS: '(';
RIGHT_PARENTHESIS: ')';
LEFT_BRACKET: '[';
RIGHT_BRACKET: ']';
COMMA: ',';
COLON: ':';
DOT_DOT: '..';
DOT: '.';
ARROW: '->';
PIPE: '|>';
EQUAL: '==';
NOT_EQUAL: '!=';
LESS_OR_EQUAL: '<=';
GREATER_OR_EQUAL: '>=';
LESS: '<';
GREATER: '>';
APPROXIMATELY: '\u2248' | '~=';
EQUALS: '=';
PLUS: '+';
MINUS: '-';
POWER: '**';
TIMES: '*';
DIVIDE: '/';
REMAINDER: '%';
MATRIX_PRODUCT: '@';

FLOAT: DIGITS ('.' DIGITS EXPONENT? | EXPONENT);
INTEGER: DIGITS;
STRING: '"' STRING_PART* '"';
UNTERMINATED_STRING: '"' STRING_PART*;
IDENTIFIER: [\p{L}_] [\p{L}\p{N}_]*;

DOC_COMMENT: '///' ~[\r\n]* -> channel(HIDDEN);
COMMENT: '//' ~[\r\n]* -> channel(HIDDEN);
SPACE: [ \t\r\n\f]+ -> skip;
UNKNOWN_CHARACTER: .;

fragment DIGITS: [0-9] [0-9_]*;
fragment EXPONENT: [eE] [+-]? DIGITS;
fragment STRING_PART: ~["\\\r\n] | '\\' ~[\r\n];
